import { WeightsError } from '../errors.js';
import type { ReadOptions } from './files.js';

/**
 * Downloads a file by `fetch`.
 *
 * @throws WeightsError `file-not-readable` for an unreachable server, a status other than 2xx, or a download cut short
 */
export async function fetchBytes(
  url: string | URL,
  { signal, onProgress }: ReadOptions,
): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const total = contentLength(response);
    const pieces: Uint8Array[] = [];
    let loaded = 0;
    for await (const piece of piecesOf(response)) {
      pieces.push(piece);
      loaded += piece.length;
      onProgress?.({ type: 'download', loaded, ...(total === undefined ? {} : { total }) });
    }
    return join(pieces, loaded);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new WeightsError(
      'file-not-readable',
      `cannot download ${String(url)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Check the address and the connection; in a browser the server must also allow this page to read it (CORS).',
      { cause },
    );
  }
}

/** A compressed answer's Content-Length is that of the compressed bytes: no use as a total. */
function contentLength({ headers }: Response): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return headers.has('content-encoding') || !Number.isSafeInteger(length) ? undefined : length;
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader(); // not `for await` over the body: Safari's streams cannot be iterated
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
