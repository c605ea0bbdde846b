import { multiplyColumns, ROWS } from './multiply';
import { LANES, pack } from './pack';

/** What `kernelGradient` is told; TypeScript writes it field by field, in this order. */
@unmanaged
class KernelGradient {
  /** The input of the convolution, [batch,height,width,channels]. */
  input: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** The gradient of its output, [batch,rows,columns,outputs]. */
  dy: usize;
  rows: i32;
  columns: i32;
  outputs: i32;
  stride: i32;
  /** [tapCount,2]: rows and columns from an output pixel's place in the input. */
  taps: usize;
  tapCount: i32;
  /** The result, [tapCount,channels,outputs]. */
  gradient: usize;
  /** Output pixels that are summed over before the sums go to memory. */
  block: i32;
  /** Scratch: a block of `dy`, packed; the addresses of its pixels in the input; five of their channels; a tile of sums. */
  packed: usize;
  addresses: usize;
  gathered: usize;
  tile: usize;
}

/** The gradient of a convolution for its kernel: for each tap, the transposed input times `dy`. */
export function kernelGradient(job: KernelGradient): void {
  memory.fill(job.gradient, 0, (job.tapCount * job.channels * job.outputs) << 2);
  const pixels = job.batch * job.rows * job.columns;
  for (let first = 0; first < pixels; first += job.block) {
    const count = min(job.block, pixels - first);
    pack(job.dy + ((first * job.outputs) << 2), count, job.outputs, job.packed);
    for (let tap = 0; tap < job.tapCount; tap++) {
      lookUp(job, tap, first, count);
      for (let channel = 0; channel < job.channels; channel += ROWS) {
        const rows = min(ROWS, job.channels - channel);
        gather(job, channel, rows, count);
        const target = job.gradient + (((tap * job.channels + channel) * job.outputs) << 2);
        for (let output = 0; output < job.outputs; output += LANES) {
          multiplyColumns(job.gathered, job.packed + ((output * count) << 2), count, job.tile);
          accumulate(
            job.tile,
            rows,
            min(LANES, job.outputs - output),
            target + (output << 2),
            job.outputs << 2,
          );
        }
      }
    }
  }
}

/** The address in the input of what `tap` meets at each pixel of the block; 0 outside. */
function lookUp(job: KernelGradient, tap: i32, first: i32, count: i32): void {
  const rowsAway = load<i32>(job.taps + (tap << 3));
  const columnsAway = load<i32>(job.taps + (tap << 3), 4);
  for (let i = 0; i < count; i++) {
    const column = (first + i) % job.columns;
    const rows = (first + i) / job.columns;
    const y = (rows % job.rows) * job.stride + rowsAway;
    const x = column * job.stride + columnsAway;
    const inside = y >= 0 && y < job.height && x >= 0 && x < job.width;
    const address = job.input + (((rows / job.rows) * job.height + y) * job.width + x) * (job.channels << 2);
    store<usize>(job.addresses + (i << 2), inside ? address : 0);
  }
}

/** Channels from `channel` on of all pixels, [count,5], zeros outside the image and behind the last channel. */
function gather(job: KernelGradient, channel: i32, rows: i32, count: i32): void {
  let target = job.gathered;
  for (let i = 0; i < count; i++) {
    const address = load<usize>(job.addresses + (i << 2));
    if (address != 0 && rows == ROWS) {
      v128.store(target, v128.load(address + (channel << 2)));
      store<f32>(target, load<f32>(address + (channel << 2), 16), 16);
    } else {
      memory.fill(target, 0, ROWS << 2);
      if (address != 0)
        for (let row = 0; row < rows; row++)
          store<f32>(target + (row << 2), load<f32>(address + ((channel + row) << 2)));
    }
    target += ROWS << 2;
  }
}

/** Adds `rows` by `lanes` of a tile to memory, whose rows are `step` bytes apart. */
function accumulate(tile: usize, rows: i32, lanes: i32, target: usize, step: i32): void {
  for (let row = 0; row < rows; row++) {
    if (lanes == LANES) {
      v128.store(target, f32x4.add(v128.load(target), v128.load(tile)));
      v128.store(target, f32x4.add(v128.load(target, 16), v128.load(tile, 16)), 16);
    } else {
      for (let lane = 0; lane < lanes; lane++) {
        const at = lane << 2;
        store<f32>(target + at, load<f32>(target + at) + load<f32>(tile + at));
      }
    }
    target += step;
    tile += LANES << 2;
  }
}
