import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';

/** Values of the reference in double precision, by case. */
export interface GoldenLosses {
  readonly total: { readonly total_released: number; readonly total_paper: number };
  readonly extra: Readonly<Record<string, number>>;
  readonly [id: `c${number}`]: {
    readonly shape: [number, number, number, number];
    readonly f64: Readonly<Record<string, number>>;
  };
}

const read = (name: string): Buffer => readFileSync(new URL(`golden/${name}`, import.meta.url));

export const goldenLosses = JSON.parse(read('losses.json').toString()) as GoldenLosses;

const file = new Uint8Array(read('losses.safetensors'));
const dataStart = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
const header = JSON.parse(new TextDecoder().decode(file.subarray(8, dataStart))) as Record<
  string,
  { dtype: 'F32' | 'U8'; shape: number[]; data_offsets: [number, number] }
>;

/** Values of a golden tensor, in the file's order: NCHW. */
export function golden(name: string): Float32Array | Uint8Array {
  const entry = header[name];
  if (entry === undefined) throw new Error(`the golden file holds no ${name}`);
  const raw = file.slice(dataStart + entry.data_offsets[0], dataStart + entry.data_offsets[1]);
  return entry.dtype === 'F32' ? new Float32Array(raw.buffer) : raw;
}

/** A golden [B,C,H,W] tensor as [B,H,W,C]. */
export function goldenMap(name: string): tf.Tensor4D {
  const shape = header[name]!.shape as [number, number, number, number];
  return tf.tidy(() => tf.transpose(tf.tensor4d(golden(name) as Float32Array, shape), [0, 2, 3, 1]));
}

/** Values of [B,H,W,C] in the golden files' order, NCHW. */
export async function toNchw(x: tf.Tensor): Promise<Float32Array> {
  return (await tf.tidy(() => tf.transpose(x, [0, 3, 1, 2])).data()) as Float32Array;
}

/** Number `index` of a stream in (-1, 1), by the formula that the golden logits were made with. */
export function unit(key: string, index: number): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) h = Math.imul(h ^ byte, 0x01000193);
  let x = (h + Math.imul(index, 0x9e3779b9)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (2 * ((x ^ (x >>> 16)) >>> 8) + 1 - 2 ** 24) / 2 ** 24;
}
