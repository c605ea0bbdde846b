import { damagedDicom, truncatedDicom } from './dicom-errors.js';

const HEADER_BYTES = 64;

/**
 * Unpacks a frame in DICOM's run-length encoding (PS3.5, annex G): one segment for each byte of each sample, the
 * highest byte first, every segment packed like PackBits.
 *
 * @param shape pixels, samples per pixel and bytes per sample of the frame
 * @returns samples in little-endian order, pixel by pixel
 * @throws {ImageFormatError} `truncated` where runs end before the frame is full, `corrupt`
 */
export function decodeRle(
  source: string,
  frame: Uint8Array,
  { pixels, samples, bytes }: { readonly pixels: number; readonly samples: number; readonly bytes: number },
): Uint8Array {
  if (frame.length < HEADER_BYTES) throw truncatedDicom(source, 'within the header of an RLE frame');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const count = view.getUint32(0, true);
  if (count !== samples * bytes) {
    throw damagedDicom(source, `an RLE frame of ${count} segments where ${samples * bytes} are needed`);
  }
  const out = new Uint8Array(pixels * count);
  for (let segment = 0; segment < count; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < count ? view.getUint32(8 + 4 * segment, true) : frame.length;
    if (start < HEADER_BYTES || end < start || end > frame.length) {
      throw damagedDicom(source, 'an RLE frame whose segments lie outside it');
    }
    const sample = Math.floor(segment / bytes);
    const place = sample * bytes + (bytes - 1 - (segment % bytes));
    unpackSegment(source, frame.subarray(start, end), out, { first: place, step: count, pixels });
  }
  return out;
}

function unpackSegment(
  source: string,
  packed: Uint8Array,
  out: Uint8Array,
  { first, step, pixels }: { readonly first: number; readonly step: number; readonly pixels: number },
): void {
  let to = first;
  let left = pixels;
  let at = 0;
  while (left > 0) {
    const head = packed[at++];
    if (head === undefined)
      throw truncatedDicom(source, `${left} of ${pixels} pixels are missing in an RLE frame`);
    if (head === 128) continue;
    const isRun = head > 128;
    const length = Math.min(left, isRun ? 257 - head : head + 1);
    if (at + (isRun ? 1 : length) > packed.length) {
      throw truncatedDicom(source, `${left} of ${pixels} pixels are missing in an RLE frame`);
    }
    for (let i = 0; i < length; i++, to += step) out[to] = packed[isRun ? at : at + i] ?? 0;
    at += isRun ? 1 : length;
    left -= length;
  }
}
