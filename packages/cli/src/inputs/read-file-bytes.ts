import { readFile } from 'node:fs/promises';

/** A file as a plain Uint8Array: a Buffer's `slice` shares memory where a Uint8Array's copies. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
