import type { GreyImage } from '../data/sample.js';
import { SampleError } from '../errors.js';

/** Grey values that stand for background, ground-glass opacity and consolidation in files of the released code. */
const GREY_CODES: readonly (readonly number[])[] = [
  [0, 38, 75], // its ground truth, read in grey: the brightness of its palette's red and green
  [0, 128, 255], // its predictions, stretched by the writer of images
];

/**
 * Labels 0 … `classes` of a label map as files have it: the labels themselves (also palette indices) or, for two classes,
 * the grey values of the released code's files, 0/38/75 or 0/128/255.
 *
 * @param id named in errors
 * @param classes number of classes, the background not counted
 * @throws SampleError `label-values` naming the values, for any other, or where two ways of writing are mixed
 */
export function decodeLabels(image: GreyImage, id: string, classes: number): Uint8Array {
  const values = [...new Set(image.data)].toSorted((a, b) => a - b);
  const plain = Array.from({ length: classes + 1 }, (_, label) => label);
  const codes = [plain, ...(classes === 2 ? GREY_CODES : [])];
  const code = codes.find((known) => values.every((value) => known.includes(value)));
  if (code === plain) return image.data;
  if (code) return image.data.map((value) => code.indexOf(value));
  const shown = values.length > 8 ? `${values.slice(0, 8).join(', ')}, …` : values.join(', ');
  throw new SampleError(
    'label-values',
    id,
    `${id}: the label map holds the values ${shown}`,
    `Label maps hold 0 for the background and 1 to ${classes} for the classes` +
      (classes === 2 ? ', or the grey values 0, 38, 75 or 0, 128, 255 in their place.' : '.') +
      ' Save them without compression and without smoothing.',
  );
}
