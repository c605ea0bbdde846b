import { Finish, finishPixel } from './finish';
import { ENTRY, HEADER, multiply, ROWS } from './multiply';
import { LANES } from './pack';

/** What `convolve` is told; TypeScript writes it field by field, in this order. */
@unmanaged
class Convolution {
  /** Input, [batch,height,width,channels]. */
  input: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** Weights as `packKernel` lays them out, and the bytes of eight outputs. */
  weights: usize;
  panel: i32;
  /** [tapCount,3]: rows and columns from an output pixel's place in the input, and the bytes to the tap's weights. */
  taps: usize;
  tapCount: i32;
  /** How many taps, from every such multiple on, lie side by side in the input; 1: none. */
  joinable: i32;
  /** Where the sums go, [batch,outputHeight,outputWidth,outputs]. */
  finish: Finish;
  outputHeight: i32;
  outputWidth: i32;
  /** The output pixels that are computed: a grid of these sizes, from a first pixel on, so far apart. */
  batch: i32;
  rows: i32;
  columns: i32;
  firstRow: i32;
  firstColumn: i32;
  outputStep: i32;
  /** How far apart in the input neighbours on the grid are. */
  inputStep: i32;
  /** Pixels whose addresses are looked up together: a multiple of `ROWS`. */
  block: i32;
  /** Scratch: zeros for a pixel outside, a tile of sums, the table of addresses, the index of each output pixel. */
  zeros: usize;
  tile: usize;
  table: usize;
  places: usize;
}

export function convolve(job: Convolution): void {
  const finish = job.finish;
  const outputs = finish.outputs;
  memory.fill(job.zeros, 0, max(job.channels * job.joinable, LANES) << 2);
  const pixels = job.batch * job.rows * job.columns;
  const plain = finish.gate == 0 && finish.residual == 0 && job.outputStep == 1;
  const floor: f32 = finish.relu ? 0 : -Infinity;
  for (let first = 0; first < pixels; first += job.block) {
    const count = min(job.block, pixels - first);
    lookUp(job, first, count);
    for (let output = 0; output < outputs; output += LANES) {
      const weights = job.weights + (output >> 3) * job.panel;
      const lanes = min(LANES, outputs - output);
      const start = finish.bias != 0 ? finish.bias + (output << 2) : job.zeros;
      let table = job.table;
      for (let pixel = 0; pixel < count; pixel += ROWS) {
        if (plain && lanes == LANES && pixel + ROWS <= count) {
          const target = finish.output + (((first + pixel) * outputs + output) << 2);
          multiply(table, weights, start, floor, target, outputs << 2);
        } else {
          multiply(table, weights, job.zeros, -Infinity, job.tile, LANES << 2);
          for (let row = 0; row < min(ROWS, count - pixel); row++) {
            const place = load<i32>(job.places + ((pixel + row) << 2));
            finishPixel(finish, job.tile + row * (LANES << 2), place, output, lanes);
          }
        }
        table += HEADER + job.tapCount * ENTRY;
      }
    }
  }
}

/**
 * Fills the table for `count` pixels from `first` on: for each tile the number of its entries, the bytes that each goes through,
 * and the entries. A tile that is not full repeats its last pixel. Taps that lie side by side in the input make one entry where
 * none of them is outside.
 */
function lookUp(job: Convolution, first: i32, count: i32): void {
  let tile = job.table;
  for (let pixel = 0; pixel < count; pixel += ROWS) {
    const last = min(pixel + ROWS, count) - 1;
    const joined = areInside(job, first + pixel, first + last) ? job.joinable : 1;
    store<i32>(tile, job.tapCount / joined);
    store<i32>(tile, (job.channels * joined) << 2, 4);
    for (let tap = 0, entry = tile + HEADER; tap < job.tapCount; tap += joined, entry += ENTRY) {
      store<i32>(entry + (ROWS << 2), load<i32>(job.taps + tap * 12, 8));
    }
    for (let i = 0; i < ROWS; i++)
      lookUpPixel(job, first, min(pixel + i, last), joined, tile + HEADER + (i << 2));
    tile += HEADER + job.tapCount * ENTRY;
  }
}

/** Whether no tap of these pixels is to the left or to the right of the input. They must lie in one row for it. */
function areInside(job: Convolution, first: i32, last: i32): bool {
  const column = first % job.columns;
  const left = column * job.inputStep + load<i32>(job.taps, 4);
  const right = (column + last - first) * job.inputStep + load<i32>(job.taps + job.tapCount * 12 - 8);
  return column + last - first < job.columns && left >= 0 && right < job.width;
}

function lookUpPixel(job: Convolution, first: i32, pixel: i32, joined: i32, entry: usize): void {
  const column = (first + pixel) % job.columns;
  const rows = (first + pixel) / job.columns;
  const row = rows % job.rows;
  const image = rows / job.rows;
  const outputRow = job.firstRow + row * job.outputStep;
  const outputColumn = job.firstColumn + column * job.outputStep;
  const place = (image * job.outputHeight + outputRow) * job.outputWidth + outputColumn;
  store<i32>(job.places + (pixel << 2), place);
  for (let tap = 0; tap < job.tapCount; tap += joined) {
    const told = job.taps + tap * 12;
    const y = row * job.inputStep + load<i32>(told);
    const x = column * job.inputStep + load<i32>(told, 4);
    const inside = y >= 0 && y < job.height && x >= 0 && x < job.width;
    const address = job.input + ((image * job.height + y) * job.width + x) * (job.channels << 2);
    store<usize>(entry, inside ? address : job.zeros);
    entry += ENTRY;
  }
}
