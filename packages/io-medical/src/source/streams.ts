import { checkFileSize, type FileReadOptions } from './local-files.js';

/** Reads a stream to its end, counting: it is dropped as soon as it exceeds the limit or the signal fires. */
export async function readStream(
  source: string,
  stream: ReadableStream<Uint8Array>,
  { signal, maxBytes }: FileReadOptions,
): Promise<Uint8Array> {
  const reader = stream.getReader(); // not `for await`: Safari's streams cannot be iterated
  const drop = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', drop, { once: true });
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      size += value.length;
      checkFileSize(source, size, maxBytes);
      pieces.push(value);
    }
  } catch (error) {
    drop();
    throw error;
  } finally {
    signal?.removeEventListener('abort', drop);
  }
  return join(pieces, size);
}

/** One array of many. */
export function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
