import { luma } from '../luma.js';
import type { VoxelArray } from '../volume.js';
import type { Dataset } from './dataset.js';
import { damagedDicom } from './dicom-errors.js';
import type { StoredFrame } from './frame-decoder.js';
import { tableEntries } from './modality.js';
import { type PixelFormat } from './pixel-format.js';
import { TAG } from './tags.js';

/** Turns a frame into one grey value a pixel: colour and palette images into their luma. */
export type ToGrey = (frame: StoredFrame) => VoxelArray;

/**
 * How the frames of a file become grey. Monochrome values stay as they are, MONOCHROME1 (low is bright) included: how
 * an image is shown does not change what it measures.
 */
export function greyConverter(dataset: Dataset, { photometric }: PixelFormat): ToGrey {
  if (photometric !== 'PALETTE COLOR') return ({ values, colour }) => greyOf(values, colour);
  const palette = [0, 1, 2].map((channel) => readChannel(dataset, channel));
  return ({ values }) => {
    const out = new Uint8Array(values.length);
    for (let i = 0; i < out.length; i++) {
      const [r = 0, g = 0, b = 0] = palette.map((entry) => entry(values[i] ?? 0));
      out[i] = luma(r, g, b);
    }
    return out;
  };
}

function greyOf(values: VoxelArray, colour: StoredFrame['colour']): VoxelArray {
  if (colour === 'none') return values;
  const Constructor = values.constructor as new (length: number) => VoxelArray;
  const out = new Constructor(values.length / 3);
  for (let i = 0; i < out.length; i++) {
    const [first = 0, second = 0, third = 0] = [values[3 * i], values[3 * i + 1], values[3 * i + 2]];
    // Y is the luma already. Of 16 bits the sum does not fit the 32 of luma's shift.
    out[i] =
      colour === 'YBR'
        ? first
        : out.BYTES_PER_ELEMENT === 1
          ? luma(first, second, third)
          : Math.round((first * 19_595 + second * 38_470 + third * 7471) / 65_536);
  }
  return out;
}

/** One colour of a palette as 8 bits; indices beyond its ends give the ends (PS3.3, C.7.6.3.1.5). */
function readChannel(dataset: Dataset, channel: number): (index: number) => number {
  const [length = 0, first = 0, bits = 16] = dataset.words(TAG.redPaletteDescriptor + channel);
  const entries = length === 0 ? 65_536 : length;
  const values = tableEntries(dataset, TAG.redPaletteData + channel, entries, bits);
  if (values === undefined) throw damagedDicom(dataset.source, 'its palette is missing or too short');
  const shift = values.some((value) => value > 255) ? 8 : 0;
  return (index) => (values[Math.min(entries - 1, Math.max(0, index - first))] ?? 0) >> shift;
}
