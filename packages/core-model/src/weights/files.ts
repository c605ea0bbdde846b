import { WeightsError } from '../errors.js';
import { fetchBytes } from './fetch-bytes.js';
import { localFiles } from './local-files.js';

/** How far reading has come. `total` is absent when a server does not say how long the file is. */
export interface ReadProgress {
  readonly type: 'read' | 'download' | 'cached';
  /** Bytes so far. */
  readonly loaded: number;
  /** Bytes of the whole file. */
  readonly total?: number;
}

/** How {@link readBytes} reads. */
export interface ReadOptions {
  /** Ends the reading: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each piece. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** How {@link writeBytes} writes. */
export interface FileWriteOptions {
  /** Ends the writing: the promise rejects with the signal's reason and nothing is left behind. */
  readonly signal?: AbortSignal;
}

/**
 * The bytes of a file. In Node a text is a path, unless it starts with `http:`, `https:`, `data:`, `blob:` or `file:`; in a
 * browser it is a URL, relative to the page. Bytes are handed back as they are.
 *
 * @throws WeightsError `file-not-readable`, naming the file; the signal's reason when aborted
 */
export async function readBytes(
  source: string | URL | Uint8Array,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  if (source instanceof Uint8Array) return source;
  const disk = isRemote(source) ? undefined : localFiles();
  if (disk === undefined) return fetchBytes(source, options);
  try {
    return await disk.read(source, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new WeightsError(
      'file-not-readable',
      `cannot read ${String(source)}: ${messageOf(cause)}`,
      'Check that the path exists, is a file and may be read.',
      { cause },
    );
  }
}

/**
 * Writes a file so that it is there whole or not at all: into a neighbouring temporary file that is flushed to the disk and
 * then renamed over the target. Only in Node.
 *
 * @throws WeightsError `file-not-writable`, naming the file; `unsupported-source` in a browser or for a remote URL
 */
export async function writeBytes(
  path: string | URL,
  bytes: Uint8Array,
  options: FileWriteOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  const disk = isRemote(path) ? undefined : localFiles();
  if (disk === undefined) {
    throw new WeightsError(
      'unsupported-source',
      `cannot write to ${String(path)}: it is no path on this machine's disk`,
      'Give a path in Node. In a browser, take the bytes of writeSafetensors and offer them as a download.',
    );
  }
  try {
    await disk.write(path, bytes, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new WeightsError(
      'file-not-writable',
      `cannot write ${String(path)}: ${messageOf(cause)}`,
      'Check that the folder exists, may be written to and has room.',
      { cause },
    );
  }
}

const isRemote = (source: string | URL): boolean => /^(https?|data|blob):/i.test(String(source));

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
