import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TensorSpec } from './golden-scheme.js';

/** One tensor of a golden file: PyTorch shape (NCHW, OIHW), row-major values. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly data: Float32Array | Uint8Array;
}

/** A golden safetensors file: `tensor(name)` throws when the file has no tensor of that name. */
export interface GoldenFile {
  readonly names: string[];
  readonly metadata: Record<string, string>;
  tensor(name: string): GoldenTensor;
}

const goldenPath = (name: string): string => fileURLToPath(new URL(`./golden/${name}`, import.meta.url));

/** Whether `name` lies in test/golden. */
export const hasGolden = (name: string): boolean => existsSync(goldenPath(name));

/** A golden JSON file, as whatever the caller knows it to be. */
export function readGoldenJson<T>(name: string): T {
  return JSON.parse(readFileSync(goldenPath(name), 'utf8')) as T;
}

/** Ordered state-dict entries of a network kind: name, shape, dtype. */
export function readGoldenKeys(kind: string): (TensorSpec & { readonly dtype: 'float32' | 'int64' })[] {
  const rows = readGoldenJson<[string, number[], 'float32' | 'int64'][]>(`keys-${kind}.json`);
  return rows.map(([name, shape, dtype]) => ({ name, shape, dtype }));
}

/**
 * A golden safetensors file (float32 and uint8 only). Written apart from the package's own reader, so that a fault there
 * cannot hide in the numbers it is tested with.
 */
export function readGoldenTensors(name: string): GoldenFile {
  const bytes = new Uint8Array(readFileSync(goldenPath(name)));
  const headerSize = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerSize))) as Record<
    string,
    never
  >;
  const { __metadata__: metadata = {}, ...entries } = header as {
    __metadata__?: Record<string, string>;
  } & Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const tensor = (key: string): GoldenTensor => {
    const entry = entries[key];
    if (entry === undefined) throw new Error(`${name} holds no tensor ${key}`);
    const [from, to] = entry.data_offsets;
    const raw = bytes.slice(8 + headerSize + from, 8 + headerSize + to);
    if (entry.dtype !== 'F32' && entry.dtype !== 'U8')
      throw new Error(`${name}: ${key} has dtype ${entry.dtype}`);
    return { shape: entry.shape, data: entry.dtype === 'F32' ? new Float32Array(raw.buffer) : raw };
  };
  return { names: Object.keys(entries), metadata, tensor };
}

/** The same values with channels last: `[n, c, h, w]` to `[n, h, w, c]`. */
export function toNhwc({ shape, data }: GoldenTensor): {
  shape: [number, number, number, number];
  data: Float32Array;
} {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  const moved = new Float32Array(data.length);
  for (let i = 0; i < moved.length; i++) {
    const k = i % c;
    const pixel = (i - k) / c;
    const sample = Math.floor(pixel / (h * w));
    moved[i] = data[(sample * c + k) * h * w + (pixel % (h * w))]!;
  }
  return { shape: [n, h, w, c], data: moved };
}
