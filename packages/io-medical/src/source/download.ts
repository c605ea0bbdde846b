import { ImageFormatError } from '../errors.js';
import { checkFileSize, type FileReadOptions } from './local-files.js';
import { readStream } from './streams.js';

/**
 * Downloads a file by `fetch`; undefined where the server says that there is none.
 *
 * @param name what messages call it: an address may carry a key in its query
 * @throws {ImageFormatError} `not-readable`, `too-large`
 */
export async function download(
  name: string,
  url: URL,
  options: FileReadOptions,
): Promise<Uint8Array | undefined> {
  const { signal } = options;
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    checkFileSize(name, Number(response.headers.get('content-length') ?? 0), options.maxBytes);
    if (response.body === null) return new Uint8Array(0);
    return await readStream(name, response.body, options);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof ImageFormatError) throw cause;
    throw unreachable(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The error for a download that gave nothing. */
export function unreachable(name: string, reason: string, cause?: unknown): ImageFormatError {
  return new ImageFormatError(
    'not-readable',
    `${name}: cannot be downloaded (${reason})`,
    'Check the address and the connection; in a browser the server must also allow this page to read it (CORS).',
    cause === undefined ? undefined : { cause },
  );
}
