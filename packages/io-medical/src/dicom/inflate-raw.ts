import type { ReadLimits } from '../limits.js';
import { damagedDicom } from './dicom-errors.js';
import { ImageFormatError } from '../errors.js';

/** Small, so that one piece of a bomb (a thousand times itself) stays small too. */
const PIECE_BYTES = 16_384;

/**
 * Unpacks raw deflate up to the limit of decoded bytes. Bytes behind the end of the stream are left alone: deflated
 * DICOM files are padded to an even length.
 *
 * @throws {ImageFormatError} `corrupt`, `too-large`
 */
export async function inflateRaw(
  source: string,
  packed: Uint8Array,
  limits: ReadLimits,
): Promise<Uint8Array> {
  const { Inflate } = await import('fflate');
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  for (let at = 0; at === 0 || at < packed.length; at += PIECE_BYTES) {
    try {
      stream.push(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
    } catch (cause) {
      throw damagedDicom(source, 'its deflated data set ends early or is no deflate', cause);
    }
    if (size > limits.maxDecodedBytes) throw bomb(source, limits);
  }
  const whole = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

function bomb(source: string, { maxDecodedBytes }: ReadLimits): ImageFormatError {
  return new ImageFormatError(
    'too-large',
    `${source}: its deflated data set unpacks to more than ${maxDecodedBytes} bytes`,
    'If that is right, raise limits.maxDecodedBytes; otherwise the file is damaged or made to do harm.',
  );
}
