import { Finish, finishPixel } from './finish';
import { ENTRY, HEADER, multiply, ROWS } from './multiply';
import { LANES } from './pack';

/** Values of a transformed patch: of four by four input pixels, for two by two output pixels. */
const PATCH: i32 = 16;

/** What `convolveWinograd` is told; TypeScript writes it field by field, in this order. */
@unmanaged
class Winograd {
  /** Input, [batch,height,width,channels]; at least four channels. */
  input: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** [16,ceil(outputs/8),channels,8], as `transformKernel` gives it. */
  weights: usize;
  /** Where the sums go, [batch,rows,columns,outputs]. */
  finish: Finish;
  rows: i32;
  columns: i32;
  /** Rows of zeros above and below, columns to the left and to the right. */
  padRows: i32;
  padColumns: i32;
  /** Patches that are transformed together: a multiple of `ROWS`. */
  block: i32;
  /** Scratch: zeros for a pixel outside; [16,block,channels]; [16,block,outputs filled up to eights]; 16 addresses; tables; a pixel. */
  zeros: usize;
  transformed: usize;
  products: usize;
  addresses: usize;
  tables: usize;
  pixel: usize;
}

/**
 * A 3x3 convolution of stride 1 by Winograd's F(2x2,3x3) (Lavin and Gray, CVPR 2016): patches of the input and the kernel are transformed,
 * multiplied value by value, which is 16 products of matrices, and transformed back; 16 multiplications in place of 36.
 */
export function convolveWinograd(job: Winograd): void {
  memory.fill(job.zeros, 0, max(job.channels, LANES) << 2);
  const across = (job.columns + 1) / 2;
  const down = (job.rows + 1) / 2;
  const patches = job.batch * down * across;
  const width = (job.finish.outputs + LANES - 1) & ~(LANES - 1);
  for (let first = 0; first < patches; first += job.block) {
    const count = min(job.block, patches - first);
    for (let i = 0; i < count; i++) {
      const patch = first + i;
      const row = 2 * ((patch / across) % down) - job.padRows;
      lookUp(job, patch / (across * down), row, 2 * (patch % across) - job.padColumns);
      transformPatch(job, i);
    }
    for (let value = 0; value < PATCH; value++) multiplyValue(job, value, count, width);
    for (let i = 0; i < count; i++) {
      const patch = first + i;
      const image = patch / (across * down);
      transformBack(job, i, width, image, 2 * ((patch / across) % down), 2 * (patch % across));
    }
  }
}

/** The addresses of the four by four pixels from `row`, `column` on. */
function lookUp(job: Winograd, image: i32, row: i32, column: i32): void {
  for (let i = 0; i < PATCH; i++) {
    const y = row + (i >> 2);
    const x = column + (i & 3);
    const inside = y >= 0 && y < job.height && x >= 0 && x < job.width;
    const address = job.input + ((image * job.height + y) * job.width + x) * (job.channels << 2);
    store<usize>(job.addresses + (i << 2), inside ? address : job.zeros);
  }
}

/** B'dB of patch `i` of the block, four channels at a time; the last four may be computed twice. */
function transformPatch(job: Winograd, i: i32): void {
  const step = job.block * (job.channels << 2);
  const target = job.transformed + i * (job.channels << 2);
  for (let channel = 0; channel < job.channels; channel += 4) {
    const at = min(channel, job.channels - 4) << 2;
    for (let column = 0; column < 4; column++) {
      // down the columns, into the places that they go to
      const address = job.addresses + (column << 2);
      const d0 = v128.load(load<usize>(address) + at);
      const d1 = v128.load(load<usize>(address, 16) + at);
      const d2 = v128.load(load<usize>(address, 32) + at);
      const d3 = v128.load(load<usize>(address, 48) + at);
      const to = target + column * step + at;
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to + 4 * step, f32x4.add(d1, d2));
      v128.store(to + 8 * step, f32x4.sub(d2, d1));
      v128.store(to + 12 * step, f32x4.sub(d1, d3));
    }
    for (let row = 0; row < 4; row++) {
      const to = target + 4 * row * step + at;
      const d0 = v128.load(to);
      const d1 = v128.load(to + step);
      const d2 = v128.load(to + 2 * step);
      const d3 = v128.load(to + 3 * step);
      v128.store(to, f32x4.sub(d0, d2));
      v128.store(to + step, f32x4.add(d1, d2));
      v128.store(to + 2 * step, f32x4.sub(d2, d1));
      v128.store(to + 3 * step, f32x4.sub(d1, d3));
    }
  }
}

/** For one of the 16 values: the patches, [count,channels], times the weights, [channels,outputs]. */
function multiplyValue(job: Winograd, value: i32, count: i32, width: i32): void {
  const bytes = job.channels << 2;
  const from = job.transformed + value * job.block * bytes;
  let table = job.tables;
  for (let patch = 0; patch < count; patch += ROWS) {
    store<i32>(table, 1);
    store<i32>(table, bytes, 4);
    for (let row = 0; row < ROWS; row++)
      store<usize>(table + HEADER + (row << 2), from + (patch + row) * bytes);
    store<i32>(table + HEADER + (ROWS << 2), 0);
    table += HEADER + ENTRY;
  }
  const panels = job.weights + value * (width >> 3) * job.channels * (LANES << 2);
  const to = job.products + value * job.block * (width << 2);
  for (let output = 0; output < width; output += LANES) {
    const weights = panels + (output >> 3) * job.channels * (LANES << 2);
    table = job.tables;
    for (let patch = 0; patch < count; patch += ROWS) {
      multiply(table, weights, job.zeros, -Infinity, to + ((patch * width + output) << 2), width << 2);
      table += HEADER + ENTRY;
    }
  }
}

/** A'mA of patch `i` of the block, to the two by two output pixels from `row`, `column` on. */
function transformBack(job: Winograd, i: i32, width: i32, image: i32, row: i32, column: i32): void {
  const step = job.block * (width << 2);
  for (let output = 0; output < job.finish.outputs; output += 4) {
    const from = job.products + ((i * width + output) << 2);
    const lanes = min(4, job.finish.outputs - output);
    for (let y = 0; y < 2 && row + y < job.rows; y++) {
      const s0 = downColumn(from, step, y);
      const s1 = downColumn(from + step, step, y);
      const s2 = downColumn(from + 2 * step, step, y);
      const s3 = downColumn(from + 3 * step, step, y);
      const place = (image * job.rows + row + y) * job.columns + column;
      v128.store(job.pixel, f32x4.add(f32x4.add(s0, s1), s2));
      finishPixel(job.finish, job.pixel, place, output, lanes);
      if (column + 1 == job.columns) continue;
      v128.store(job.pixel, f32x4.sub(f32x4.sub(s1, s2), s3));
      finishPixel(job.finish, job.pixel, place + 1, output, lanes);
    }
  }
}

/** Row `y` of A'm, for one column of m. */
function downColumn(from: usize, step: i32, y: i32): v128 {
  const m1 = v128.load(from + 4 * step);
  const m2 = v128.load(from + 8 * step);
  return y == 0
    ? f32x4.add(f32x4.add(v128.load(from), m1), m2)
    : f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 12 * step));
}

/** A packed 3x3 kernel, [panels,9,channels,8], to GgG', [16,panels,channels,8]. */
export function transformKernel(packed: usize, panels: i32, channels: i32, transformed: usize): void {
  const tap = channels * (LANES << 2);
  const value = panels * tap;
  for (let panel = 0; panel < panels; panel++) {
    for (let at = 0; at < tap; at += 16) {
      const from = packed + 9 * panel * tap + at;
      const to = transformed + panel * tap + at;
      for (let column = 0; column < 3; column++) {
        const g = from + column * tap;
        spread(v128.load(g), v128.load(g + 3 * tap), v128.load(g + 6 * tap), to + column * value, 4 * value);
      }
      for (let row = 0; row < 4; row++) {
        const g = to + 4 * row * value;
        spread(v128.load(g), v128.load(g + value), v128.load(g + 2 * value), g, value);
      }
    }
  }
}

/** G times three values, to four that are `step` bytes apart. */
function spread(g0: v128, g1: v128, g2: v128, to: usize, step: i32): void {
  const half = f32x4.splat(0.5);
  const outer = f32x4.mul(f32x4.add(g0, g2), half);
  const inner = f32x4.mul(g1, half);
  v128.store(to, g0);
  v128.store(to + step, f32x4.add(outer, inner));
  v128.store(to + 2 * step, f32x4.sub(outer, inner));
  v128.store(to + 3 * step, g2);
}
