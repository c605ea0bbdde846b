import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type GoldenFile, type GoldenTensor, parseGolden, parseKeys } from './golden-parse.js';
import type { GoldenKey, GoldenKind } from './golden-inputs.js';

const goldenPath = (name: string): string => fileURLToPath(new URL(`./golden/${name}`, import.meta.url));

/** Whether `name` lies in test/golden. */
export const hasGolden = (name: string): boolean => existsSync(goldenPath(name));

/** A golden JSON file, as whatever the caller knows it to be. */
export function readGoldenJson<T>(name: string): T {
  return JSON.parse(readFileSync(goldenPath(name), 'utf8')) as T;
}

/** Ordered state-dict entries of a network kind: name, shape, dtype. */
export function readGoldenKeys(kind: GoldenKind): GoldenKey[] {
  return parseKeys(readFileSync(goldenPath(`keys-${kind}.json`), 'utf8'));
}

/** A golden safetensors file. */
export function readGoldenTensors(name: string): GoldenFile {
  return parseGolden(name, new Uint8Array(readFileSync(goldenPath(name))));
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
