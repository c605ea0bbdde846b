import * as tf from '@tensorflow/tfjs-core';
import { hasKernels, joinChannels, selectChannels } from '../kernels/index.js';
import { onWasm } from './on-wasm.js';
import { withGradient } from './with-gradient.js';

/** Below this many multiply-adds a pixel, wasm selects channels faster by a 1x1 convolution than by its slice. */
const SELECT_BY_CONVOLUTION = 3000;
/** Below this many channels a part, wasm joins parts faster by padding and adding than by its concatenation. */
const JOIN_BY_PADDING = 16;

/** Channels `from` to `from + count` of an image, [B,H,W,C] to [B,H,W,count]. */
export function sliceChannels(x: tf.Tensor4D, from: number, count: number): tf.Tensor4D {
  const total = x.shape[3];
  return withGradient([x], () => ({
    value: select(x, from, count),
    saved: [],
    backward: (dy) => [padChannels(dy, from, total)],
  }));
}

/** An image in `parts` equal groups of channels, [B,H,W,C] to parts times [B,H,W,C/parts]. */
export function splitChannels(x: tf.Tensor4D, parts: number): tf.Tensor4D[] {
  if (parts === 1) return [x]; // a slice would copy it
  const count = x.shape[3] / parts;
  return Array.from({ length: parts }, (_, i) => sliceChannels(x, i * count, count));
}

/** Images one behind the other along the channels: [B,H,W,C1], [B,H,W,C2], ... to [B,H,W,C1+C2+...]. */
export function concatChannels(parts: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [only] = parts;
  if (only && parts.length === 1) return only; // tf.concat would copy it
  const counts = parts.map((part) => part.shape[3]);
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return withGradient(parts, () => ({
    value: join(parts, starts, total),
    saved: [],
    backward: (dy) => counts.map((count, i) => select(dy, starts[i]!, count)),
  }));
}

function join(parts: readonly tf.Tensor4D[], starts: readonly number[], total: number): tf.Tensor4D {
  if (hasKernels()) return joinChannels(parts);
  const narrow = parts.every((part) => part.shape[3] < JOIN_BY_PADDING);
  if (!onWasm() || !narrow) return tf.concat4d([...parts], 3);
  return parts
    .map((part, i) => padChannels(part, starts[i]!, total))
    .reduce((sum, part) => tf.add(sum, part));
}

function select(x: tf.Tensor4D, from: number, count: number): tf.Tensor4D {
  if (hasKernels()) return selectChannels(x, from, count);
  const total = x.shape[3];
  if (!onWasm() || total * count > SELECT_BY_CONVOLUTION) {
    return tf.slice4d(x, [0, 0, 0, from], [-1, -1, -1, count]);
  }
  const selection = new Float32Array(total * count);
  for (let i = 0; i < count; i++) selection[(from + i) * count + i] = 1;
  return tf.conv2d(x, tf.tensor4d(selection, [1, 1, total, count]), 1, 0);
}

function padChannels(x: tf.Tensor4D, from: number, total: number): tf.Tensor4D {
  return tf.pad4d(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [from, total - from - x.shape[3]],
  ]);
}
