import { ImageFormatError } from '../errors.js';
import { nodeBuiltins } from './node-builtins.js';
import { forbiddenPath, isInnerPath } from './source.js';

/** How a file is read. */
export interface FileReadOptions {
  /** Ends the reading: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Refuse files that are larger. */
  readonly maxBytes: number;
  /** What messages call the file; by default its path. */
  readonly name?: string;
  /** Memory to read the file into, if it is large enough. */
  readonly room?: Uint8Array | undefined;
}

/** Bytes per read: large enough to be fast, small enough for a quick abort. */
const PIECE = 16 * 2 ** 20;

/** Whether there is a file system here. */
export function hasFileSystem(): boolean {
  return nodeBuiltins() !== undefined;
}

/** Whether a path names a folder; false where nothing is there, or no file system. */
export async function isFolder(path: string): Promise<boolean> {
  const stat = await nodeBuiltins()?.('node:fs/promises')
    .stat(path)
    .catch(() => undefined);
  return stat?.isDirectory() === true;
}

/** A path as the system wants it, also from a `file:` address. */
export function pathOf(file: string | URL): string {
  if (typeof file === 'string' && !/^file:/i.test(file)) return file;
  return builtins(String(file))('node:url').fileURLToPath(file);
}

/**
 * Reads a whole file, in pieces.
 *
 * @throws {ImageFormatError} `not-readable`, `too-large`, `no-file-access`
 */
export async function readFileBytes(path: string, options: FileReadOptions): Promise<Uint8Array> {
  const fs = builtins(path)('node:fs/promises');
  const { name = path, room } = options;
  options.signal?.throwIfAborted();
  try {
    await using file = await fs.open(path, 'r');
    const status = await file.stat();
    if (!status.isFile()) throw new Error(status.isDirectory() ? 'EISDIR' : 'not a regular file');
    checkFileSize(name, status.size, options.maxBytes);
    const fits = room !== undefined && room.length >= status.size;
    const bytes = fits ? room.subarray(0, status.size) : new Uint8Array(status.size);
    for (let at = 0; at < bytes.length;) {
      options.signal?.throwIfAborted();
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, bytes.length - at), at);
      if (bytesRead === 0) throw new Error(`the file ended at byte ${at} of ${bytes.length}`);
      at += bytesRead;
    }
    return bytes;
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof ImageFormatError) throw cause;
    throw new ImageFormatError(
      'not-readable',
      `${name}: cannot be read (${systemReason(cause)})`,
      'Check that the path is right and names a file that you may read.',
      { cause },
    );
  }
}

/** Up to so many bytes from the start of a file; none where it cannot be read. */
export async function readFileHead(path: string, length: number): Promise<Uint8Array> {
  try {
    await using file = await builtins(path)('node:fs/promises').open(path, 'r');
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return new Uint8Array(0);
  }
}

/**
 * The path of a file that a header names, if it is there.
 *
 * @param header path of the header
 * @param root the folder that the file must lie in, links resolved; by default the header's own
 * @throws {ImageFormatError} `forbidden-path`
 */
export async function companionPath(
  header: string,
  name: string,
  root: string | undefined,
): Promise<string | undefined> {
  const fs = builtins(header)('node:fs/promises');
  const paths = builtins(header)('node:path');
  if (root === undefined && !isInnerPath(name)) throw forbiddenPath(header);
  const folder = paths.dirname(header);
  const candidate = await fs.realpath(paths.resolve(folder, name)).catch(() => undefined);
  const realRoot = await fs.realpath(root ?? folder).catch(() => undefined);
  if (realRoot === undefined) return undefined;
  const inside = realRoot.endsWith(paths.sep) ? realRoot : realRoot + paths.sep;
  // A file that is absent may not say whether the place it was looked for in is allowed.
  const reached = candidate ?? paths.resolve(realRoot, name);
  if (!reached.startsWith(inside)) throw forbiddenPath(header);
  return candidate;
}

/**
 * Writes a file so that its name never holds half of it: into a new file beside it, flushed to the disk, then renamed.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const fs = builtins(path)('node:fs/promises');
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

/** Refuses a file for its size alone. */
export function checkFileSize(source: string, size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new ImageFormatError(
    'too-large',
    `${source}: more than the ${maxBytes} bytes that the limits allow a file`,
    'If it is meant to be that large, raise limits.maxFileBytes.',
  );
}

/** Node's own modules, or a clear error elsewhere. */
export function builtins(path: string): NodeJS.Process['getBuiltinModule'] {
  const modules = nodeBuiltins();
  if (modules !== undefined) return modules;
  throw new ImageFormatError(
    'no-file-access',
    `${path}: there is no file system here`,
    'In a browser pass the file itself (a File, its bytes or its address), not a path.',
  );
}

/** The system's short code, such as ENOENT, or the message where there is none. */
function systemReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
