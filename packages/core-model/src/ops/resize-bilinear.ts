import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.js';

export interface ResizeOptions {
  /** Corner pixels map onto corner pixels; otherwise pixel areas do (half-pixel centres). Default false. */
  readonly alignCorners?: boolean;
}

/**
 * Bilinear resize without antialiasing, [B,H,W,C] to [B,height,width,C]: PyTorch's
 * `interpolate(mode='bilinear', align_corners)`. The forward pass is the backend's; the gradient is the transposed
 * interpolation, as tfjs computes that of half-pixel resizing wrongly on every backend.
 */
export function resizeBilinear(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  { alignCorners = false }: ResizeOptions = {},
): tf.Tensor4D {
  const [, fromHeight, fromWidth] = x.shape;
  if (fromHeight === height && fromWidth === width) return x;
  return withGradient([x], () => ({
    value: tf.image.resizeBilinear(x, [height, width], alignCorners, !alignCorners),
    saved: [],
    backward: (dy) => {
      const rows = interpolationMatrix(fromHeight, height, alignCorners); // [H',H]
      const columns = interpolationMatrix(fromWidth, width, alignCorners); // [W',W]
      return [transposedResize(dy, rows, columns)];
    },
  }));
}

/** dy [B,H',W',C] to [B,H,W,C]: the columns, then the rows of what is left, against the transposed weights. */
function transposedResize(dy: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width, channels] = dy.shape;
  const [fromHeight, fromWidth] = [rows.shape[1], columns.shape[1]];
  const lines = batch * height;
  const columnsLast = swapLast(dy, [lines, width, channels]); // [BH',C,W']
  const byColumns = tf.matMul(tf.reshape(columnsLast, [lines * channels, width]), columns); // [BH'C,W]
  const channelsLast = swapLast(byColumns, [lines, channels, fromWidth]); // [BH',W,C]
  const perImage = tf.tile(tf.expandDims(tf.transpose(rows), 0), [batch, 1, 1]); // [B,H,H']
  const byRows = tf.matMul(perImage, tf.reshape(channelsLast, [batch, height, fromWidth * channels])); // [B,H,WC]
  return tf.reshape(byRows, [batch, fromHeight, fromWidth, channels]);
}

/** Reads x as `shape` and swaps its last two axes; free where one of them is 1. */
function swapLast(x: tf.Tensor, shape: [number, number, number]): tf.Tensor3D {
  const [a, b, c] = shape;
  return b === 1 || c === 1
    ? tf.reshape(x, [a, c, b])
    : (tf.transpose(tf.reshape(x, shape), [0, 2, 1]) as tf.Tensor3D);
}

/** The weights of one axis, [to,from]: two entries a row, adding up to 1. */
function interpolationMatrix(from: number, to: number, alignCorners: boolean): tf.Tensor2D {
  const weights = new Float32Array(to * from);
  const scale = alignCorners ? (to > 1 ? (from - 1) / (to - 1) : 0) : from / to;
  for (let i = 0; i < to; i++) {
    const position = Math.max(0, alignCorners ? i * scale : (i + 0.5) * scale - 0.5);
    const low = Math.min(from - 1, Math.floor(position));
    const high = Math.min(from - 1, low + 1);
    const share = position - low;
    weights[i * from + low]! += 1 - share;
    weights[i * from + high]! += share;
  }
  return tf.tensor2d(weights, [to, from]);
}
