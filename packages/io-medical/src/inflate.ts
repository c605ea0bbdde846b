import { ImageFormatError } from './errors.js';

/** How compressed bytes are framed. */
export type CompressionFormat = 'gzip' | 'deflate';

const PIECE_BYTES = 65_536;

/**
 * Decompresses piece by piece, so that the reader can stop long before a bomb has unfolded.
 *
 * @yields the decompressed bytes, in order
 * @throws {ImageFormatError} `corrupt` where the stream is damaged or ends early
 */
export async function* inflate(
  source: string,
  compressed: Uint8Array,
  format: CompressionFormat,
): AsyncGenerator<Uint8Array, void, void> {
  const stream = piecesOf(compressed).pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new ImageFormatError(
      'corrupt',
      `${source}: the compressed data is damaged or ends early`,
      'Copy or export the file again; it was probably cut off or changed on the way.',
      { cause },
    );
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Compresses to gzip without a name or a time stamp: equal bytes in, equal bytes out. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = piecesOf(bytes).pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function piecesOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset < bytes.length) {
        controller.enqueue(bytes.slice(offset, (offset += PIECE_BYTES)));
      } else {
        controller.close();
      }
    },
  });
}
