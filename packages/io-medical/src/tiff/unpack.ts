import { inflateExactly } from '../inflate.js';
import { damaged } from './ifd.js';
import type { TiffCompression } from './page.js';

/** The most that a byte can unfold to: an LZW code of 12 bits may stand for 4096 bytes. */
export const MAX_UNPACKING: Readonly<Record<TiffCompression, number>> = {
  none: 1,
  lzw: 2731,
  deflate: 1032,
  packbits: 64,
};

/**
 * Unpacks a strip or tile to the size that it must have, never further.
 *
 * @throws {ImageFormatError} `corrupt`, `truncated`
 */
export async function unpackPiece(
  source: string,
  packed: Uint8Array,
  {
    compression,
    size,
    signal,
  }: { compression: TiffCompression; size: number; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  switch (compression) {
    case 'none':
      if (packed.length < size) throw damaged(source, 'a strip of fewer bytes than its pixels need');
      return packed.subarray(0, size);
    case 'deflate':
      return inflateExactly(source, packed, { format: 'deflate', size, signal });
    case 'lzw':
      return unpackLzw(source, packed, size);
    case 'packbits':
      return unpackBits(source, packed, size);
  }
}

const CLEAR = 256;
const END = 257;

/**
 * LZW as TIFF has it: codes of 9 to 12 bits, the highest bit first, growing one code early. A string of the table is kept
 * as its last byte and the code of the rest.
 */
function unpackLzw(source: string, packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const prefix = new Uint16Array(4096);
  const last = Uint8Array.from({ length: 4096 }, (_, i) => i);
  const length = new Uint16Array(4096).fill(1);
  let filled = 0;
  let next = 258;
  let previous = -1;
  let width = 9;
  let bit = 0;
  while (filled < size) {
    if (bit + width > 8 * packed.length) throw damaged(source, 'a strip that ends early');
    const at = bit >> 3;
    const window = ((packed[at] ?? 0) << 16) | ((packed[at + 1] ?? 0) << 8) | (packed[at + 2] ?? 0);
    const code = (window >> (24 - width - (bit & 7))) & ((1 << width) - 1);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      next = 258;
      previous = -1;
      width = 9;
      continue;
    }
    if (code > next || (code === next && previous < 0) || (previous < 0 && code > 255)) {
      throw damaged(source, 'a strip with a code that means nothing');
    }
    if (previous >= 0 && next < 4096) {
      const first = firstByte(code === next ? previous : code, prefix, last, length);
      prefix[next] = previous;
      last[next] = first;
      length[next] = (length[previous] ?? 0) + 1;
      next++;
    }
    filled = writeString(out, filled, code, prefix, last, length);
    previous = code;
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  if (filled < size) throw damaged(source, 'a strip that ends early');
  return out;
}

function firstByte(code: number, prefix: Uint16Array, last: Uint8Array, length: Uint16Array): number {
  let at = code;
  while ((length[at] ?? 1) > 1) at = prefix[at] ?? 0;
  return last[at] ?? 0;
}

/** Writes a code's string, as far as there is room; returns where it ends. */
function writeString(
  out: Uint8Array,
  start: number,
  code: number,
  prefix: Uint16Array,
  last: Uint8Array,
  length: Uint16Array,
): number {
  const end = start + (length[code] ?? 1);
  for (let at = code, to = end - 1; to >= start; to--, at = prefix[at] ?? 0) out[to] = last[at] ?? 0;
  return Math.min(end, out.length);
}

/** PackBits: a count and that many bytes, or a negative count and one byte to repeat. */
function unpackBits(source: string, packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  for (let at = 0; filled < size;) {
    if (at >= packed.length) throw damaged(source, 'a strip that ends early');
    const count = ((packed[at++] ?? 0) << 24) >> 24;
    if (count === -128) continue;
    if (count < 0) {
      out.fill(packed[at++] ?? 0, filled, filled + 1 - count);
      filled += 1 - count;
    } else {
      const run = packed.subarray(at, at + Math.min(count + 1, size - filled));
      out.set(run, filled);
      at += count + 1;
      filled += count + 1;
      if (at > packed.length) throw damaged(source, 'a strip that ends early');
    }
  }
  return out;
}
