import type * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import { asKernel } from './as-kernel.js';
import { type Finish, finishNumbers } from './finish.js';
import { kernels } from './instance.js';
import { addressOf, allocate, runJob } from './memory.js';
import { inputsOf, LANES, ROWS, type PackedKernel, tableLength } from './pack.js';
import { outputSize, placesOf, type Taps } from './taps.js';
import { convolveWinograd } from './winograd.js';

/** Bytes of input that the pixels whose addresses are looked up together should not exceed by much. */
const BLOCK_BYTES = 2 ** 15;

/** A convolution with a packed kernel of D outputs, [B,H,W,C] to [B,H',W',D]. @throws ShapeError for another C than the kernel's */
export function convolvePacked(
  x: tf.Tensor4D,
  kernel: PackedKernel,
  outputs: number,
  taps: Taps,
  finish: Finish = {},
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const { size, stride, dilation, pad } = taps;
  const [rows, columns] = outputSize([height, width], taps);
  const inputs = inputsOf(kernel, outputs, taps);
  if (channels !== inputs) {
    const message = `a convolution of ${inputs} channels was given ${channels}`;
    throw new ShapeError('invalid-shape', message, 'Give it images of as many channels as it was made for.');
  }
  const { relu: _, ...tensors } = finish;
  return asKernel('InfnetConvolution', { x, kernel: kernel.values, ...tensors }, () => {
    const output = allocate([batch, rows, columns, outputs]);
    if (kernel.layout === 'winograd') convolveWinograd(x, kernel.values, pad, output, finish);
    else {
      const reached = placesOf(size).map(([i, j], tap) => ({
        row: i * dilation - pad[0],
        column: j * dilation - pad[1],
        tap,
      }));
      convolve({
        input: x,
        weights: kernel.values,
        taps: reached,
        allTaps: reached.length,
        joinable: dilation === 1 ? size[1] : 1,
        output,
        grid: { rows, columns, firstRow: 0, firstColumn: 0, outputStep: 1, inputStep: stride },
        finish,
      });
    }
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
  return asKernel('InfnetInputGradient', { dy, adjoint: adjoint.values }, () => {
    const gradient = allocate(shape);
    if (adjoint.layout === 'winograd') {
      convolveWinograd(dy, adjoint.values, [2 - pad[0], 2 - pad[1]], gradient);
      return gradient;
    }
    // Input pixels that are a multiple of the stride apart meet the same taps.
    for (const [firstRow, firstColumn] of placesOf([Math.min(stride, height), Math.min(stride, width)])) {
      const met = all.map(([i, j], tap) => ({
        row: (firstRow + pad[0] - i * dilation) / stride,
        column: (firstColumn + pad[1] - j * dilation) / stride,
        tap,
      }));
      convolve({
        input: dy,
        weights: adjoint.values,
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

interface Job {
  readonly input: tf.Tensor4D;
  /** [D/8,taps*C,8] */
  readonly weights: tf.Tensor3D;
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

function convolve({ input, weights, taps, allTaps, joinable, output, grid, finish }: Job): void {
  const [batch, height, width, channels] = input.shape;
  const [, outputHeight, outputWidth] = output.shape as [number, number, number, number];
  const { rows, columns, firstRow, firstColumn, outputStep, inputStep } = grid;
  const tiles = Math.ceil((batch * rows * columns) / ROWS);
  const cached = Math.floor(BLOCK_BYTES / (4 * channels * inputStep ** 2 * ROWS));
  const block = Math.min(tiles, Math.max(8, cached)); // tiles
  const scratch = {
    finish: finishNumbers(output, finish),
    taps: taps.flatMap(({ row, column, tap }) => [row, column, tap * channels * LANES * 4]),
    zeros: Math.max(channels * joinable, LANES),
    tile: ROWS * LANES,
    table: tableLength(block, taps.length),
    places: block * ROWS,
  };
  runJob(kernels()!.convolve, scratch, (at) => [
    addressOf(input),
    height,
    width,
    channels,
    addressOf(weights),
    allTaps * channels * LANES * 4, // bytes of the weights of eight outputs
    at.taps,
    taps.length,
    joinable,
    at.finish,
    outputHeight,
    outputWidth,
    batch,
    rows,
    columns,
    firstRow,
    firstColumn,
    outputStep,
    inputStep,
    block * ROWS,
    at.zeros,
    at.tile,
    at.table,
    at.places,
  ]);
}
