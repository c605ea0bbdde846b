import type { FileWriteOptions, ReadOptions } from './files.js';

/** Bytes per read and write: large enough to be fast, small enough for progress and a quick abort. */
const PIECE = 4 * 2 ** 20;

/** Reading and writing on this machine's disk; paths may be `file:` URLs. */
export interface LocalFiles {
  read(source: string | URL, options: ReadOptions): Promise<Uint8Array>;
  write(target: string | URL, bytes: Uint8Array, options: FileWriteOptions): Promise<void>;
}

/**
 * The disk, or undefined where there is none: in a browser. Node's modules are asked for at run time and not imported, so
 * that a bundler for browsers has nothing to stumble over.
 */
export function localFiles(): LocalFiles | undefined {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return undefined;
  const fs = process.getBuiltinModule('node:fs/promises');
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  const paths = process.getBuiltinModule('node:path');
  const pathOf = (source: string | URL): string =>
    source instanceof URL || /^file:/i.test(source) ? fileURLToPath(source) : source;
  return {
    read: (source, options) => read(fs, pathOf(source), options),
    write: async (target, bytes, options) => {
      await replace(fs, pathOf(target), bytes, options);
      await flushFolder(fs, paths.dirname(pathOf(target)));
    },
  };
}

type FileSystem = typeof import('node:fs/promises');

async function read(fs: FileSystem, path: string, { signal, onProgress }: ReadOptions): Promise<Uint8Array> {
  await using file = await fs.open(path, 'r');
  const { size } = await file.stat();
  const bytes = new Uint8Array(size);
  let loaded = 0;
  while (loaded < size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, loaded, Math.min(PIECE, size - loaded), loaded);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${loaded} of ${size}`);
    loaded += bytesRead;
    onProgress?.({ type: 'read', loaded, total: size });
  }
  return bytes;
}

/** Writes beside the target, flushes, and renames over it; removes its own file on failure. */
async function replace(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  { signal }: FileWriteOptions,
): Promise<void> {
  const temporary = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  try {
    await writeFlushed(fs, temporary, bytes, signal);
    signal?.throwIfAborted();
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function writeFlushed(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  await using file = await fs.open(path, 'wx');
  let written = 0;
  while (written < bytes.length) {
    signal?.throwIfAborted();
    const { bytesWritten } = await file.write(bytes, written, Math.min(PIECE, bytes.length - written));
    written += bytesWritten;
  }
  await file.sync();
}

/** Makes the rename last through a power cut. Some systems (Windows) cannot open folders: there it is left to them. */
async function flushFolder(fs: FileSystem, path: string): Promise<void> {
  const folder = await fs.open(path, 'r').catch(() => undefined);
  if (folder === undefined) return;
  await folder.sync().catch(() => undefined);
  await folder.close();
}
