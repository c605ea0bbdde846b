import type * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate, runJob } from './memory.js';
import { LANES, type PackedKernel } from './pack.js';

/** Output pixels that `convolve` computes at once; as in packages/core-model/kernels. */
const PIXELS = 5;
/** Bytes of input that the pixels whose addresses are looked up together should not exceed by much. */
const BLOCK_BYTES = 2 ** 15;

/** Where the taps of a convolution are and how far they reach. */
export interface Taps {
  /** [kh,kw] */
  readonly size: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  /** Rows of zeros above and below, columns to the left and to the right. */
  readonly pad: readonly [number, number];
}

/** What happens to the sums, in this order: times `gate`, plus `bias`, plus `residual`, ReLU. */
export interface Finish {
  /** [B,H',W',1] */
  readonly gate?: tf.Tensor4D | undefined;
  /** [D] */
  readonly bias?: tf.Tensor1D | undefined;
  /** [B,H',W',D] */
  readonly residual?: tf.Tensor4D | undefined;
  readonly relu?: boolean;
}

/** A convolution with a packed kernel of D outputs, [B,H,W,C] to [B,H',W',D]; the output size is rounded down. */
export function convolvePacked(
  x: tf.Tensor4D,
  kernel: PackedKernel,
  outputs: number,
  taps: Taps,
  finish: Finish = {},
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const { size, stride, dilation, pad } = taps;
  const [rows, columns] = outputSize([height, width], taps);
  const reached = placesOf(size).map(([i, j], tap) => ({
    row: i * dilation - pad[0],
    column: j * dilation - pad[1],
    tap,
  }));
  const { relu = false, ...tensors } = finish;
  return asKernel('InfnetConvolution', { x, kernel, ...tensors }, () => {
    const output = allocate([batch, rows, columns, outputs]);
    convolve({
      input: x,
      kernel,
      taps: reached,
      allTaps: reached.length,
      joinable: dilation === 1 ? size[1] : 1,
      output,
      grid: { rows, columns, firstRow: 0, firstColumn: 0, outputStep: 1, inputStep: stride },
      finish: { ...tensors, relu },
    });
    return output;
  });
}

/**
 * The gradient of a convolution for its input.
 *
 * @param dy [B,H',W',D]
 * @param adjoint the kernel, packed as the adjoint's
 * @returns [B,H,W,C], of the input's shape
 */
export function inputGradientPacked(
  dy: tf.Tensor4D,
  adjoint: PackedKernel,
  shape: readonly [number, number, number, number],
  { size, stride, dilation, pad }: Taps,
): tf.Tensor4D {
  const [, height, width] = shape;
  const all = placesOf(size).toReversed(); // as they are packed
  return asKernel('InfnetInputGradient', { dy, adjoint }, () => {
    const gradient = allocate(shape);
    // Input pixels that are a multiple of the stride apart meet the same taps.
    for (const [firstRow, firstColumn] of placesOf([Math.min(stride, height), Math.min(stride, width)])) {
      const met = all.map(([i, j], tap) => ({
        row: (firstRow + pad[0] - i * dilation) / stride,
        column: (firstColumn + pad[1] - j * dilation) / stride,
        tap,
      }));
      convolve({
        input: dy,
        kernel: adjoint,
        taps: met.filter(({ row, column }) => Number.isInteger(row) && Number.isInteger(column)),
        allTaps: all.length,
        joinable: stride === 1 && dilation === 1 ? size[1] : 1,
        output: gradient,
        grid: {
          rows: Math.ceil((height - firstRow) / stride),
          columns: Math.ceil((width - firstColumn) / stride),
          firstRow,
          firstColumn,
          outputStep: stride,
          inputStep: 1,
        },
        finish: {},
      });
    }
    return gradient;
  });
}

/** Rows and columns of a convolution's output. */
function outputSize(
  input: readonly [number, number],
  { size, stride, dilation, pad }: Taps,
): readonly [rows: number, columns: number] {
  const along = (axis: 0 | 1): number =>
    Math.floor((input[axis] + 2 * pad[axis] - dilation * (size[axis] - 1) - 1) / stride) + 1;
  return [along(0), along(1)];
}

/** Row and column of each place on a grid of this size, such as a kernel's taps; row by row. */
export function placesOf([kh, kw]: readonly [number, number]): readonly (readonly [number, number])[] {
  return Array.from({ length: kh * kw }, (_, i) => [Math.floor(i / kw), i % kw] as const);
}

interface Job {
  readonly input: tf.Tensor4D;
  readonly kernel: PackedKernel;
  /** Where in the input the taps are that are met, from an output pixel's place, and which of the kernel's they are. */
  readonly taps: readonly { readonly row: number; readonly column: number; readonly tap: number }[];
  /** Taps of the kernel. */
  readonly allTaps: number;
  /** How many taps, from every such multiple on, lie side by side in the input. */
  readonly joinable: number;
  /** [B,H',W',D] */
  readonly output: tf.TensorInfo;
  /** The output pixels to compute. */
  readonly grid: {
    readonly rows: number;
    readonly columns: number;
    readonly firstRow: number;
    readonly firstColumn: number;
    /** How far apart they are in the output, and in the input. */
    readonly outputStep: number;
    readonly inputStep: number;
  };
  readonly finish: Finish;
}

function convolve({ input, kernel, taps, allTaps, joinable, output, grid, finish }: Job): void {
  const [batch, height, width, channels] = input.shape;
  const [, outputHeight, outputWidth, outputs] = output.shape as [number, number, number, number];
  const { rows, columns, firstRow, firstColumn, outputStep, inputStep } = grid;
  const tiles = Math.ceil((batch * rows * columns) / PIXELS);
  const cached = Math.floor(BLOCK_BYTES / (4 * channels * inputStep ** 2 * PIXELS));
  const block = Math.min(tiles, Math.max(8, cached)); // tiles
  const scratch = {
    taps: taps.flatMap(({ row, column, tap }) => [row, column, tap * channels * LANES * 4]),
    zeros: Math.max(channels * joinable, LANES),
    tile: PIXELS * LANES,
    table: block * (2 + taps.length * (PIXELS + 1)),
    places: block * PIXELS,
  };
  runJob(kernels()!.convolve, scratch, (at) => [
    addressOf(input),
    height,
    width,
    channels,
    addressOf(kernel),
    allTaps * channels * LANES * 4, // bytes of the weights of eight outputs
    at.taps,
    taps.length,
    joinable,
    addressOf(output),
    outputHeight,
    outputWidth,
    outputs,
    batch,
    rows,
    columns,
    firstRow,
    firstColumn,
    outputStep,
    inputStep,
    addressOf(finish.bias),
    addressOf(finish.gate),
    addressOf(finish.residual),
    Number(finish.relu ?? false),
    block * PIXELS,
    at.zeros,
    at.tile,
    at.table,
    at.places,
  ]);
}
