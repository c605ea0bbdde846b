import { lumaOfPixels } from './luma.js';
import type { GreyImage } from './volume.js';

/** A decoded raster image, still in the file's own sample values. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Largest sample value: 255, or 65535 for 16 bit. Grey of 1, 2 and 4 bits is stretched to 0..255. */
  readonly maximum: 255 | 65535;
  /** Samples per pixel: 1 grey, 3 RGB. Alpha is left out. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
  /** The palette indices, where the file has a palette. */
  readonly indices?: Uint8Array;
  /** What was left out or changed. */
  readonly notes: readonly string[];
}

/** Grey in the raster's own range: itself, or the luma of a colour image (of the high bytes for 16-bit colour). */
export function greyOfRaster(raster: Raster): GreyImage<Uint8Array | Uint16Array> {
  const { width, height, data, channels } = raster;
  if (channels === 1) return { width, height, data };
  return { width, height, data: lumaOfPixels(data instanceof Uint16Array ? highBytes(data) : data, 3) };
}

/** The upper eight bits of 16-bit values. */
export function highBytes(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (values[i] ?? 0) >> 8;
  return bytes;
}

/** Whether a colour raster is grey after all: all three samples of each pixel are equal. */
export function isGrey(raster: Raster): boolean {
  const { data, channels } = raster;
  if (channels === 1) return true;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}
