import { encode } from 'fast-png';
import { ImageFormatError } from '../errors.js';
import { writeFileAtomic } from '../source/local-files.js';

/** Pixels to store as PNG: 8 or 16 bit, interleaved. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
  /** 1 grey (default), 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels?: 1 | 2 | 3 | 4;
  /** RGB of every value that occurs; `data` are then 8-bit indices into it, one a pixel. */
  readonly palette?: readonly Colour[];
}

/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Encodes 8-bit or 16-bit pixels as PNG. */
export function encodePng({ width, height, data, channels = 1, palette }: PngImage): Uint8Array {
  if (data.length !== width * height * channels || data.length === 0) {
    throw new ImageFormatError(
      'size-mismatch',
      `${data.length} values do not make an image of ${width} x ${height} x ${channels}`,
      'Give width * height * channels values.',
    );
  }
  const depth = data instanceof Uint16Array ? 16 : 8;
  return encode({
    width,
    height,
    data,
    channels,
    depth,
    ...(palette && { palette: palette.map((colour) => [...colour]) }),
  });
}

/** Writes a PNG; the name never holds half a file. */
export async function writePng(path: string, image: PngImage): Promise<void> {
  await writeFileAtomic(path, encodePng(image));
}
