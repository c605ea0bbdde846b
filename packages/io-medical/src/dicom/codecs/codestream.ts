import { damagedDicom, truncatedDicom } from '../dicom-errors.js';

/** What a compressed frame says about itself, before any of it is decoded. */
export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

const SOI = 0xffd8;
const EOI = 0xffd9;
const SOS = 0xffda;
const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const SIGNED = 0x80;
/** More tiles than any encoder makes for one slice; each costs the decoder memory, however small. */
const MAX_TILES = 16_384;

/**
 * Reads the frame header of a JPEG of any process (lossless, JPEG-LS).
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`
 */
export function readJpegFamilyHeader(source: string, bytes: Uint8Array): Codestream {
  const word = wordReader(bytes);
  if (word(0) !== SOI) throw damagedDicom(source, 'a compressed frame that is no JPEG');
  let header: Codestream | undefined;
  for (let at = 2; ;) {
    const marker = word(at);
    if (marker < 0xff00 || at + 4 > bytes.length)
      throw truncatedDicom(source, 'before the scan of a JPEG frame');
    const length = word(at + 2);
    if (marker === SOS) break;
    if (isFrameHeader(marker) && at + 10 <= bytes.length) {
      header = {
        precision: bytes[at + 4] ?? 0,
        height: word(at + 5),
        width: word(at + 7),
        components: bytes[at + 9] ?? 0,
      };
    }
    at += 2 + Math.max(2, length);
  }
  if (header === undefined) throw damagedDicom(source, 'a JPEG frame without a frame header');
  return header;
}

/**
 * Reads the header of a JPEG 2000 codestream and follows its tile-parts to the end marker: decoders paint what is
 * missing of a cut-off one without a word.
 *
 * @throws {ImageFormatError} `truncated`, `corrupt`
 */
export function readJpeg2000Header(source: string, bytes: Uint8Array): Codestream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = wordReader(bytes);
  if (bytes.length < 44 || word(0) !== SOC || word(2) !== SIZ) {
    throw damagedDicom(source, 'a compressed frame that is no JPEG 2000 codestream');
  }
  const [xEnd, yEnd, xStart, yStart, tileWidth, tileHeight, tileX, tileY] = Array.from(
    { length: 8 },
    (_, i) => view.getUint32(8 + 4 * i),
  ) as [number, number, number, number, number, number, number, number];
  const tiles = Math.ceil((xEnd - tileX) / tileWidth) * Math.ceil((yEnd - tileY) / tileHeight);
  if (!(xEnd > xStart && yEnd > yStart && tiles >= 1 && tiles <= MAX_TILES)) {
    throw damagedDicom(source, `a JPEG 2000 frame of ${tiles} tiles`);
  }
  followTileParts(source, view, word);
  const depth = bytes[42] ?? 0;
  return {
    width: xEnd - xStart,
    height: yEnd - yStart,
    components: word(40),
    precision: (depth & (SIGNED - 1)) + 1,
  };
}

function followTileParts(source: string, view: DataView, word: (at: number) => number): void {
  let at = 2;
  let parts = 0;
  while (word(at) !== EOI) {
    if (at + 12 > view.byteLength) throw truncatedDicom(source, 'before the end of a JPEG 2000 frame');
    if (word(at) === SOT) {
      parts++;
      const length = view.getUint32(at + 6);
      // 0 means: up to the end of the codestream.
      if (length === 0) break;
      at += Math.max(12, length);
    } else if (word(at) >= 0xff00 && parts === 0) {
      at += 2 + Math.max(2, word(at + 2));
    } else {
      throw damagedDicom(source, 'a JPEG 2000 frame whose tile-parts do not follow each other');
    }
  }
  if (parts === 0) throw truncatedDicom(source, 'before the first tile of a JPEG 2000 frame');
}

/** All markers C0 to CF but those for tables and extensions, and F7 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  return (
    (marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) || marker === 0xfff7
  );
}

/** Reads 16 bits, 0 beyond the end. */
function wordReader(bytes: Uint8Array): (at: number) => number {
  return (at) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
