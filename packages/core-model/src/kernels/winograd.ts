import type * as tf from '@tensorflow/tfjs-core';
import { type Finish, finishNumbers } from './finish.js';
import { kernels } from './instance.js';
import { addressOf, runJob } from './memory.js';
import { LANES, ROWS, tableLength } from './pack.js';
import { WINOGRAD_VALUES } from './taps.js';

/** Bytes of transformed patches and of their products that are worked on together: of a common second-level cache. */
const BLOCK_BYTES = 2 ** 19;

/**
 * A 3x3 convolution of stride 1 by Winograd's F(2x2,3x3).
 *
 * @param input [B,H,W,C]
 * @param weights the transformed kernel, [16,D/8*C,8]
 * @param pad rows of zeros above and below, columns to the left and to the right
 * @param output [B,H',W',D]
 */
export function convolveWinograd(
  input: tf.Tensor4D,
  weights: tf.Tensor3D,
  pad: readonly [number, number],
  output: tf.TensorInfo,
  finish: Finish = {},
): void {
  const [batch, height, width, channels] = input.shape;
  const [, rows, columns, outputs] = output.shape as [number, number, number, number];
  const filled = Math.ceil(outputs / LANES) * LANES;
  const patches = batch * Math.ceil(rows / 2) * Math.ceil(columns / 2);
  const cached = Math.floor(BLOCK_BYTES / (4 * WINOGRAD_VALUES * (channels + filled) * ROWS));
  const block = ROWS * Math.min(Math.ceil(patches / ROWS), Math.max(4, cached));
  const scratch = {
    finish: finishNumbers(output, finish),
    zeros: Math.max(channels, LANES),
    transformed: WINOGRAD_VALUES * block * channels,
    products: WINOGRAD_VALUES * block * filled,
    addresses: WINOGRAD_VALUES,
    tables: tableLength(block / ROWS, 1),
    pixel: 4,
  };
  runJob(kernels()!.convolveWinograd, scratch, (at) => [
    addressOf(input),
    batch,
    height,
    width,
    channels,
    addressOf(weights),
    at.finish,
    rows,
    columns,
    ...pad,
    block,
    at.zeros,
    at.transformed,
    at.products,
    at.addresses,
    at.tables,
    at.pixel,
  ]);
}
