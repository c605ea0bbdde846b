import { readBytes, writeBytes } from './files.js';
import { sha256 } from './integrity.js';
import type { WeightsCache } from './weights-cache.js';

/**
 * A cache in a folder, which is made when something is kept. A file's name holds the hashes of its address and of its
 * content: it is there whole or not at all, and a damaged one is seen when it is read, and removed.
 */
export function folderCache(folder: string): WeightsCache {
  const { mkdir, readdir, rm } = process.getBuiltinModule('node:fs/promises');
  const paths = process.getBuiltinModule('node:path');
  const prefixOf = async (address: string): Promise<string> =>
    `${(await sha256(new TextEncoder().encode(address))).slice(0, 32)}-`;
  const kept = async (prefix: string): Promise<string[]> =>
    (await readdir(folder).catch(() => [])).filter(
      (name) => name.startsWith(prefix) && name.endsWith('.bin'),
    );
  return {
    match: async (address) => {
      for (const name of await kept(await prefixOf(address))) {
        const path = paths.join(folder, name);
        const bytes = await readBytes(path).catch(() => undefined);
        if (bytes && name.includes(`-${await sha256(bytes)}.`)) return bytes;
        await rm(path, { force: true });
      }
      return undefined;
    },
    put: async (address, bytes) => {
      const prefix = await prefixOf(address);
      const name = `${prefix}${await sha256(bytes)}.bin`;
      const before = await kept(prefix);
      await mkdir(folder, { recursive: true });
      await writeBytes(paths.join(folder, name), bytes);
      for (const old of before) if (old !== name) await rm(paths.join(folder, old), { force: true });
    },
  };
}
