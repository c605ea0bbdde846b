import * as tf from '@tensorflow/tfjs';
import type { GoldenFile } from '../golden-parse.js';

/** The small network's golden numbers; see make_small_network.py. */
export interface SmallNetworkGolden {
  readonly options: { width: number; channels: number; blocks: [number, number, number, number] };
  /** PyTorch order: [B,3,H,W]. */
  readonly batch: [number, number, number, number];
  readonly shapes: Record<string, number[]>;
  readonly frozen: {
    readonly loss: number;
    readonly learningRate: number;
    readonly lossAfterStep: number;
    /** L2 norm and four values of each gradient. */
    readonly gradients: Record<string, [number, number, number, number, number]>;
  };
  readonly batchNorm: { readonly loss: number; readonly gradientNorms: Record<string, number> };
}

/** The golden numbers that the cases compare with; a page gets them otherwise than Node. */
export interface ConformanceGolden {
  readonly primitives: GoldenFile;
  readonly units: GoldenFile;
  readonly maps: GoldenFile;
  readonly small: SmallNetworkGolden;
}

/** One thing that a backend must get right. A plain function, so that it runs in any process and in a page. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects, saying what is wrong. Tensors left over are freed by the caller. */
  readonly run: (golden: ConformanceGolden) => Promise<void>;
}

/** How a case went. */
export interface CaseResult {
  readonly name: string;
  readonly milliseconds: number;
  /** What was wrong; absent when nothing was. */
  readonly fault?: string;
}

/** Fails unless `value` is below `bar`; NaN fails too. */
export function requireBelow(value: number, bar: number, what: string): void {
  if (!(value < bar)) throw new Error(`${what}: ${value} is not below ${bar}`);
}

/** Fails unless the statement holds. */
export function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Largest difference of two equally long lists; NaN when either holds one. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= worst)) worst = difference;
  }
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
