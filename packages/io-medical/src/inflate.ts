import { ImageFormatError } from './errors.js';
import { nodeBuiltins } from './source/node-builtins.js';
import { join } from './source/streams.js';

/** How compressed bytes are framed. */
export type CompressionFormat = 'gzip' | 'deflate';

const PIECE_BYTES = 65_536;
/** Deflate cannot pack better than this, so that a short file cannot honestly claim to be a large one. */
const MAX_RATIO = 1032;
/** Bytes behind the expected end that are put up with before a file is taken for a bomb. */
const TRAILING_BYTES = 2 ** 24;
/** zlib counts a piece in 32 bits. */
const MAX_ZLIB_PIECE = 2 ** 30;

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
    throw damaged(source, cause);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The first `count` bytes, or all where there are fewer. */
export async function inflateStart(
  source: string,
  compressed: Uint8Array,
  format: CompressionFormat,
  count: number,
): Promise<Uint8Array> {
  const start = new Uint8Array(count);
  let filled = 0;
  for await (const piece of inflate(source, compressed, format)) {
    const part = piece.subarray(0, count - filled);
    start.set(part, filled);
    filled += part.length;
    if (filled === count) break;
  }
  return start.subarray(0, filled);
}

/**
 * Decompresses a stream whose size is known beforehand. Its checksum is checked; some bytes behind the expected end are
 * put up with and left out.
 *
 * @throws {ImageFormatError} `truncated` where it holds fewer bytes, `corrupt` where it is damaged or holds far more; the
 *   signal's reason when aborted
 */
export async function inflateExactly(
  source: string,
  compressed: Uint8Array,
  { format, size, signal }: { format: CompressionFormat; size: number; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (size > compressed.length * MAX_RATIO) throw tooShort(source, compressed.length * MAX_RATIO, size);
  const zlib = nodeBuiltins()?.('node:zlib');
  const whole =
    zlib === undefined
      ? await fillFromStream(source, compressed, format, size, signal)
      : await fillFromZlib(zlib, source, compressed, format, size, signal);
  if (whole.length < size) throw tooShort(source, whole.length, size);
  return whole;
}

/** In browsers: DecompressionStream into one array. */
async function fillFromStream(
  source: string,
  compressed: Uint8Array,
  format: CompressionFormat,
  size: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let filled = 0;
  for await (const piece of inflate(source, compressed, format)) {
    signal?.throwIfAborted();
    whole.set(piece.subarray(0, Math.max(0, size - filled)), Math.min(filled, size));
    filled += piece.length;
    if (filled > size + TRAILING_BYTES) throw bomb(source, size);
  }
  return whole.subarray(0, Math.min(filled, size));
}

/**
 * In Node: zlib, whose output buffer is made as large as the result, so that it fills in one go on another thread and
 * nothing is copied: twice as fast as DecompressionStream.
 */
function fillFromZlib(
  zlib: typeof import('node:zlib'),
  source: string,
  compressed: Uint8Array,
  format: CompressionFormat,
  size: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const options = { chunkSize: Math.min(size + PIECE_BYTES, MAX_ZLIB_PIECE) };
  const engine = format === 'gzip' ? zlib.createGunzip(options) : zlib.createInflate(options);
  const { promise, resolve, reject } = deferred<Uint8Array>();
  const pieces: Uint8Array[] = [];
  let filled = 0;
  const stop = (): void => void engine.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  engine.on('data', (piece: Buffer) => {
    if (filled < size) pieces.push(piece.subarray(0, size - filled));
    filled += piece.length;
    if (filled > size + TRAILING_BYTES) engine.destroy(bomb(source, size));
  });
  engine.once('error', (cause) => {
    if (signal?.aborted === true) reject(signal.reason);
    else reject(cause instanceof ImageFormatError ? cause : damaged(source, cause));
  });
  engine.once('end', () => {
    const [first] = pieces;
    if (pieces.length > 1 || first === undefined) resolve(join(pieces, Math.min(filled, size)));
    else resolve(new Uint8Array(first.buffer, first.byteOffset, first.byteLength));
  });
  engine.end(compressed);
  return promise.finally(() => signal?.removeEventListener('abort', stop));
}

/** Compresses to gzip or zlib without a name or a time stamp: equal bytes in, equal bytes out. */
export async function deflate(bytes: Uint8Array, format: CompressionFormat): Promise<Uint8Array> {
  const stream = piecesOf(bytes).pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function deferred<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: unknown) => void;
} {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
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

function damaged(source: string, cause: unknown): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: the compressed data is damaged or ends early`,
    'Copy or export the file again; it was probably cut off or changed on the way.',
    { cause },
  );
}

function tooShort(source: string, present: number, needed: number): ImageFormatError {
  return new ImageFormatError(
    'truncated',
    `${source}: unpacks to at most ${present} of ${needed} bytes`,
    'The file was cut off or its header is damaged; copy or export it again.',
  );
}

function bomb(source: string, size: number): ImageFormatError {
  return new ImageFormatError(
    'corrupt',
    `${source}: unpacks to far more than the ${size} bytes its header asks for`,
    'The file is damaged or not what it seems; export it again from its source.',
  );
}
