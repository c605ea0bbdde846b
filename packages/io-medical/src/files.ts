import { ImageFormatError } from './errors.js';

/**
 * Node's file system, or a clear error elsewhere. It is asked for at run time and never imported, so that the
 * package bundles for browsers, where everything but paths works.
 */
function fileSystem(path: string): typeof import('node:fs/promises') {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (process?.getBuiltinModule === undefined) {
    throw new ImageFormatError(
      'no-file-access',
      `${path}: there is no file system here`,
      'In a browser pass the bytes of the file (a Uint8Array), not its path.',
    );
  }
  return process.getBuiltinModule('node:fs/promises');
}

/** Reads a whole file. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const fs = fileSystem(path);
  try {
    return await fs.readFile(path);
  } catch (cause) {
    throw new ImageFormatError(
      'not-readable',
      `${path}: cannot be read (${systemReason(cause)})`,
      'Check that the path is right and names a file that you may read.',
      { cause },
    );
  }
}

/**
 * Writes a file so that its name never holds half of it: into a new file beside it, flushed to the disk, then renamed.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const fs = fileSystem(path);
  const partial = `${path}.${globalThis.crypto.randomUUID()}.tmp`;
  try {
    const file = await fs.open(partial, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(partial, path);
  } catch (cause) {
    await fs.rm(partial, { force: true }).catch(() => undefined);
    throw new ImageFormatError(
      'not-writable',
      `${path}: cannot be written (${systemReason(cause)})`,
      'Check that the folder exists, that you may write to it, and that the disk is not full.',
      { cause },
    );
  }
}

/** The system's short code, such as ENOENT, or the message where there is none. */
function systemReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
