import type * as tf from '@tensorflow/tfjs-core';
import { asKernel } from './as-kernel.js';
import { kernels } from './instance.js';
import { addressOf, allocate } from './memory.js';

/** Channels `from` to `from + count`, [B,H,W,C] to [B,H,W,count]. */
export function selectChannels(x: tf.Tensor4D, from: number, count: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return asKernel('InfnetSelectChannels', { x }, () => {
    const selected = allocate([batch, height, width, count]);
    const pixels = batch * height * width;
    kernels()!.copyChannels(addressOf(x), channels, from, addressOf(selected), count, 0, count, pixels);
    return selected;
  });
}

/** Images one behind the other along the channels: [B,H,W,C1], [B,H,W,C2], ... to [B,H,W,C1+C2+...]. */
export function joinChannels(parts: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [batch, height, width] = parts[0]!.shape;
  const total = parts.reduce((sum, part) => sum + part.shape[3], 0);
  return asKernel('InfnetJoinChannels', Object.fromEntries(parts.entries()), () => {
    const joined = allocate([batch, height, width, total]);
    const pixels = batch * height * width;
    let first = 0;
    for (const part of parts) {
      const count = part.shape[3];
      kernels()!.copyChannels(addressOf(part), count, 0, addressOf(joined), total, first, count, pixels);
      first += count;
    }
    return joined;
  });
}
