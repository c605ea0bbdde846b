import * as tf from '@tensorflow/tfjs';

/** Largest difference of two equally long lists; NaN when either holds one. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

/** NCHW values to an NHWC tensor. */
export function fromNchw({ shape, data }: { shape: number[]; data: ArrayLike<number> }): tf.Tensor4D {
  const [n, c, h, w] = shape as [number, number, number, number];
  return tf.tidy(() => tf.transpose(tf.tensor4d(Float32Array.from(data), [n, c, h, w]), [0, 2, 3, 1]));
}

/** An NHWC tensor's values in NCHW order. */
export async function toNchw(x: tf.Tensor4D): Promise<Float32Array> {
  return (await tf.tidy(() => tf.transpose(x, [0, 3, 1, 2])).data()) as Float32Array;
}

/** Deterministic noise on (-1, 1). */
export function noise(shape: number[], seed = 1): tf.Tensor4D {
  return tf.randomUniform(shape as [number, number, number, number], -1, 1, 'float32', seed);
}
