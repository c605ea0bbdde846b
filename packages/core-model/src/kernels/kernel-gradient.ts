import type * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate, runJob } from './memory.js';
import { LANES, ROWS } from './pack.js';
import { placesOf, type Taps } from './taps.js';

/** Output pixels that are summed over before the sums go to memory. */
const BLOCK = 192;

/**
 * The gradient of a convolution for its kernel.
 *
 * @param dy [B,H',W',D]
 * @param x the input, [B,H,W,C]
 * @returns [kh,kw,C,D]
 */
export function kernelGradientOnWasm(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  { size, stride, dilation, pad }: Taps,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, rows, columns, outputs] = dy.shape;
  const scratch = {
    taps: placesOf(size).flatMap(([i, j]) => [i * dilation - pad[0], j * dilation - pad[1]]),
    packed: Math.ceil(outputs / LANES) * BLOCK * LANES,
    addresses: BLOCK,
    gathered: BLOCK * ROWS,
    tile: ROWS * LANES,
  };
  return asKernel('InfnetKernelGradient', { dy, x }, () => {
    const gradient = allocate([...size, channels, outputs]);
    runJob(kernels()!.kernelGradient, scratch, (at) => [
      addressOf(x),
      batch,
      height,
      width,
      channels,
      addressOf(dy),
      rows,
      columns,
      outputs,
      stride,
      at.taps,
      size[0] * size[1],
      addressOf(gradient),
      BLOCK,
      at.packed,
      at.addresses,
      at.gathered,
      at.tile,
    ]);
    return gradient;
  });
}
