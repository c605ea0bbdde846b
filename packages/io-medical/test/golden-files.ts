import { readFileSync } from 'node:fs';

/** A tensor of a golden file: row-major values. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Uint8Array | Float32Array;
}

interface Entry {
  readonly dtype: 'U8' | 'F32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Reads a safetensors file of this folder's `golden/`. */
export function readGolden(name: string): Map<string, GoldenTensor> {
  const bytes = new Uint8Array(readFileSync(new URL(`golden/${name}.safetensors`, import.meta.url)));
  const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<string, Entry>;
  const tensors = new Map<string, GoldenTensor>();
  for (const [key, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    const data = bytes.slice(start + offsets[0], start + offsets[1]);
    tensors.set(key, { shape, data: dtype === 'U8' ? data : new Float32Array(data.buffer) });
  }
  return tensors;
}
