import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VoxelArray } from '../src/volume.js';
import { sharedPath } from './shared-data.js';

/** What the oracle of a folder of the zoo says, file by file. */
export function zooOracle<Entry>(folder: string): [name: string, entry: Entry][] {
  const text = readFileSync(sharedPath(`zoo/${folder}/oracle.json`), 'utf8');
  return Object.entries(JSON.parse(text) as Record<string, Entry>);
}

/** SHA-256 of voxels one after the other, on a little-endian machine. */
export function littleEndianHash(parts: readonly VoxelArray[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
