import { checkShape, type GreyImage } from '../data/sample.js';
import { SampleError } from '../errors.js';

/** What multi-class training needs to know of image files; `@infnet/io-medical` has functions that fit. */
export interface ClassSliceIO {
  /** Decodes a file to 8-bit grey; rejects when it cannot. Needed for folders only. */
  readGrey?(path: string): Promise<GreyImage>;
  /** Decodes a label map: palette indices, or 8-bit values. Needed for folders only. */
  readLabels?(path: string): Promise<GreyImage>;
  /** Bilinear, antialiased: for slices and infection maps. */
  resize(image: GreyImage, width: number, height: number): GreyImage;
  /** Nearest neighbour: for labels, between which there is nothing. */
  resizeNearest(image: GreyImage, width: number, height: number): GreyImage;
}

/** One slice with its classes, at its own size. */
export interface ClassSample {
  readonly id: string;
  readonly image: GreyImage;
  /** 0 is the background, then the classes from 1; of the image's size. */
  readonly labels: GreyImage;
  /** The infection map that guides the network: 0 … 255 stands for 0 … 1. Shows the whole slice, at any size. */
  readonly prior?: GreyImage;
}

/** A slice as training uses it: resized once to `size` × `size` and kept as bytes, row-major. */
export interface PreparedClassSample {
  readonly id: string;
  readonly size: number;
  readonly image: Uint8Array;
  /** 0 … number of classes. */
  readonly labels: Uint8Array;
  /** 0 … 255 stands for 0 … 1; null for a network that takes no infection map. */
  readonly prior: Uint8Array | null;
  /** False where everything is background: legal, and worth a warning. */
  readonly hasForeground: boolean;
}

/**
 * Brings a sample to `size` × `size`: image and infection map bilinearly, labels to the nearest. `io` is
 * needed only where a sample is not that size already.
 *
 * @throws SampleError `invalid-sample`, `size-mismatch`, `label-values`
 */
export function prepareClassSample(
  { id, image, labels, prior }: ClassSample,
  size: number,
  { classes, io }: { readonly classes: number; readonly io?: ClassSliceIO | undefined },
): PreparedClassSample {
  checkShape(id, 'image', image, image);
  checkShape(id, 'label map', labels, image);
  if (prior) checkShape(id, 'infection map', prior, prior);
  const highest = labels.data.reduce((most, label) => Math.max(most, label), 0);
  if (highest > classes) {
    throw new SampleError(
      'label-values',
      id,
      `${id}: the label map holds ${highest}, there are ${classes} classes`,
      'Give labels from 0, the background, to the number of classes.',
    );
  }
  const fit = (part: GreyImage, how: 'resize' | 'resizeNearest'): Uint8Array => {
    if (part.width === size && part.height === size) return part.data;
    if (io) return io[how](part, size, size).data;
    throw new SampleError(
      'invalid-sample',
      id,
      `${id} is ${part.width}×${part.height}, training runs at ${size}×${size}`,
      'Pass `io` with functions that resize, or resize the samples beforehand.',
    );
  };
  return {
    id,
    size,
    image: fit(image, 'resize'),
    labels: fit(labels, 'resizeNearest'),
    prior: prior ? fit(prior, 'resize') : null,
    hasForeground: highest > 0,
  };
}
