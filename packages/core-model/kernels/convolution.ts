import { LANES } from './pack';

/** Output pixels of a tile. */
const PIXELS: i32 = 5;
/** Bytes of a table entry: an address for each pixel of a tile, and where the tap's weights lie. */
const ENTRY: i32 = 4 * (PIXELS + 1);

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
  /** Output, [batch,outputHeight,outputWidth,outputs]. */
  output: usize;
  outputHeight: i32;
  outputWidth: i32;
  outputs: i32;
  /** The output pixels that are computed: a grid of these sizes, from a first pixel on, so far apart. */
  batch: i32;
  rows: i32;
  columns: i32;
  firstRow: i32;
  firstColumn: i32;
  outputStep: i32;
  /** How far apart in the input neighbours on the grid are. */
  inputStep: i32;
  /** [outputs] or 0. */
  bias: usize;
  /** A factor for each output pixel, before the bias, or 0. */
  gate: usize;
  /** Added after the bias, of the output's shape, or 0. */
  residual: usize;
  relu: i32;
  /** Pixels whose addresses are looked up together: a multiple of `PIXELS`. */
  block: i32;
  /** Scratch: zeros for a pixel outside, a tile of sums, the table of addresses, the index of each output pixel. */
  zeros: usize;
  tile: usize;
  table: usize;
  places: usize;
}

export function convolve(job: Convolution): void {
  memory.fill(job.zeros, 0, max(job.channels * job.joinable, LANES) << 2);
  const pixels = job.batch * job.rows * job.columns;
  const plain = job.gate == 0 && job.residual == 0 && job.outputStep == 1;
  const step = job.outputs << 2;
  const floor: f32 = job.relu ? 0 : -Infinity;
  for (let first = 0; first < pixels; first += job.block) {
    const count = min(job.block, pixels - first);
    lookUp(job, first, count);
    for (let output = 0; output < job.outputs; output += LANES) {
      const weights = job.weights + (output >> 3) * job.panel;
      const full = plain && output + LANES <= job.outputs;
      const start = job.bias != 0 ? job.bias + (output << 2) : job.zeros;
      let table = job.table;
      for (let pixel = 0; pixel < count; pixel += PIXELS) {
        if (full && pixel + PIXELS <= count) {
          const target = job.output + ((first + pixel) * job.outputs + output) * 4;
          multiply(table, weights, start, floor, target, step);
        } else {
          multiply(table, weights, job.zeros, -Infinity, job.tile, LANES << 2);
          finish(job, pixel, min(PIXELS, count - pixel), output);
        }
        table += 8 + job.tapCount * ENTRY;
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
  for (let pixel = 0; pixel < count; pixel += PIXELS) {
    const last = min(pixel + PIXELS, count) - 1;
    const joined = areInside(job, first + pixel, first + last) ? job.joinable : 1;
    store<i32>(tile, job.tapCount / joined);
    store<i32>(tile, (job.channels * joined) << 2, 4);
    for (let tap = 0, entry = tile + 8; tap < job.tapCount; tap += joined, entry += ENTRY) {
      store<i32>(entry + (PIXELS << 2), load<i32>(job.taps + tap * 12, 8));
    }
    for (let i = 0; i < PIXELS; i++)
      lookUpPixel(job, first, min(pixel + i, last), joined, tile + 8 + (i << 2));
    tile += 8 + job.tapCount * ENTRY;
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

/**
 * A tile: the products of five pixels with the weights of eight outputs, summed over taps and channels; on top of `start`, at least
 * `floor`, to rows that are `step` bytes apart. (Exported so that it stays a function: within `convolve` registers run short.)
 */
// prettier-ignore
export function multiply(table: usize, weights: usize, start: usize, floor: f32, target: usize, step: i32): void {
  let s00 = v128.load(start), s01 = v128.load(start, 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01, s40 = s00, s41 = s01;
  const taps = load<i32>(table), bytes = load<i32>(table, 4);
  table += 8;
  for (let tap = 0; tap < taps; tap++) {
    let p0 = load<usize>(table), p1 = load<usize>(table, 4), p2 = load<usize>(table, 8);
    let p3 = load<usize>(table, 12), p4 = load<usize>(table, 16), w = weights + load<usize>(table, 20);
    table += ENTRY;
    const end = p0 + bytes, even = p0 + (bytes & ~7);
    while (p0 < even) {
      let w0 = v128.load(w), w1 = v128.load(w, 16);
      let x = v128.load32_splat(p0);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
      w0 = v128.load(w, 32); w1 = v128.load(w, 48);
      x = v128.load32_splat(p0, 4);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1, 4);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2, 4);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3, 4);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4, 4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
      p0 += 8; p1 += 8; p2 += 8; p3 += 8; p4 += 8; w += 64;
    }
    if (p0 < end) {
      const w0 = v128.load(w), w1 = v128.load(w, 16);
      let x = v128.load32_splat(p0);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
    }
  }
  const least = f32x4.splat(floor);
  v128.store(target, f32x4.pmax(s00, least)); v128.store(target, f32x4.pmax(s01, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s10, least)); v128.store(target, f32x4.pmax(s11, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s20, least)); v128.store(target, f32x4.pmax(s21, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s30, least)); v128.store(target, f32x4.pmax(s31, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s40, least)); v128.store(target, f32x4.pmax(s41, least), 16);
}

/** From a tile to the output: gate, bias, residual, ReLU. */
function finish(job: Convolution, first: i32, count: i32, output: i32): void {
  const lanes = min(LANES, job.outputs - output);
  const bias = job.bias != 0 ? job.bias + (output << 2) : 0;
  let sums = job.tile;
  for (let i = 0; i < count; i++) {
    const place = load<i32>(job.places + ((first + i) << 2));
    const offset = (place * job.outputs + output) << 2;
    const target = job.output + offset;
    const residual = job.residual != 0 ? job.residual + offset : 0;
    const gate = job.gate != 0 ? load<f32>(job.gate + (place << 2)) : 1;
    let lane = 0;
    for (; lane + 4 <= lanes; lane += 4) {
      const at = lane << 2;
      let sum = f32x4.mul(v128.load(sums + at), f32x4.splat(gate));
      if (bias != 0) sum = f32x4.add(sum, v128.load(bias + at));
      if (residual != 0) sum = f32x4.add(sum, v128.load(residual + at));
      if (job.relu) sum = f32x4.pmax(sum, f32x4.splat(0));
      v128.store(target + at, sum);
    }
    for (; lane < lanes; lane++) {
      const at = lane << 2;
      let sum = load<f32>(sums + at) * gate;
      if (bias != 0) sum += load<f32>(bias + at);
      if (residual != 0) sum += load<f32>(residual + at);
      if (job.relu) sum = max(sum, 0);
      store<f32>(target + at, sum);
    }
    sums += LANES << 2;
  }
}
