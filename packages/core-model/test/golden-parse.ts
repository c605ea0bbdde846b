import type { GoldenKey } from './golden-inputs.js';

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

/**
 * A golden safetensors file (float32 and uint8 only) from its bytes. Written apart from the package's own reader, so that a
 * fault there cannot hide in the numbers it is tested with.
 */
export function parseGolden(name: string, bytes: Uint8Array): GoldenFile {
  const headerSize = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
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

/** Ordered state-dict entries of a network kind: name, shape, dtype. */
export function parseKeys(text: string): GoldenKey[] {
  const rows = JSON.parse(text) as [string, number[], GoldenKey['dtype']][];
  return rows.map(([name, shape, dtype]) => ({ name, shape, dtype }));
}
