import { SampleError } from '../errors.js';
import { morphologicalGradient } from '../augment/morphological-gradient.js';

/** A grey picture, row-major, y down, 0 … 255. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * What this package needs to know of image files; `@infnet/io-medical` has functions that fit. File formats are no
 * business of a trainer, so it is handed these.
 */
export interface SliceIO {
  /** Decodes a file to 8-bit grey; rejects when it cannot. Needed for folders only. */
  readGrey?(path: string): Promise<GreyImage>;
  /** PIL's antialiased bilinear resize, the one the reference trains with. */
  resize(image: GreyImage, width: number, height: number): GreyImage;
  /** The edge ground truth of a 0/255 mask, 0/255. */
  edge(mask: GreyImage): GreyImage;
}

/** One labelled slice at its own size. All its pictures have equal sizes; the mask is 0 … 255, 255 = infection. */
export interface Sample {
  readonly id: string;
  readonly image: GreyImage;
  readonly mask: GreyImage;
  readonly edge?: GreyImage;
  /** How far each pixel of the mask is to be doubted: 0 not at all … 255 altogether. Default: not at all. */
  readonly uncertainty?: GreyImage;
}

/** A slice as training uses it: resized once to `size` × `size` and kept as bytes, row-major. */
export interface PreparedSample {
  readonly id: string;
  readonly size: number;
  readonly image: Uint8Array;
  /** Soft after resizing: 0 … 255 stands for 0 … 1. */
  readonly mask: Uint8Array;
  readonly edge: Uint8Array;
  /** How far a pseudo label is to be doubted: 0 not at all … 255 altogether. Absent: not at all. */
  readonly uncertainty?: Uint8Array;
  /** False for a mask that is 0 everywhere: legal, and worth a warning. */
  readonly hasForeground: boolean;
}

/** `'binary'` masks are 0 or 255; `'soft'` ones (pseudo labels) take any value. */
export type MaskValues = 'binary' | 'soft';

/** Share of a binary mask's pixels that may lie between "off" and "on" (the rim that a resize or JPEG leaves). */
const BETWEEN_SHARE = 0.02;
const OFF_BELOW = 32;
const ON_FROM = 224;

/**
 * Brings a sample to `size` × `size` (all its pictures by the same resize) and checks it.
 *
 * Where the sample has no edge, the edge is taken from the mask: by `io.edge` at the mask's own size when `io` is
 * there, else as the morphological gradient of the resized mask.
 *
 * @param options.io needed only where a sample is not `size` × `size` already.
 * @throws SampleError `invalid-sample`, `size-mismatch`, `mask-values`
 */
export function prepareSample(
  sample: Sample,
  size: number,
  options: {
    readonly io?: SliceIO | undefined;
    readonly maskValues?: MaskValues;
  } = {},
): PreparedSample {
  const { io, maskValues = 'binary' } = options;
  const { id, image, mask, edge, uncertainty } = sample;
  for (const [name, part] of Object.entries({ image, mask, edge, uncertainty })) {
    checkShape(id, name, part, image);
  }
  if (maskValues === 'binary') checkMaskValues(id, mask);

  const fit = (part: GreyImage): Uint8Array => {
    if (part.width === size && part.height === size) return part.data;
    if (io) return io.resize(part, size, size).data;
    throw new SampleError(
      'invalid-sample',
      id,
      `${id} is ${part.width}×${part.height}, training runs at ${size}×${size}`,
      'Pass `io` with a resize function, or resize the samples beforehand.',
    );
  };
  const resizedMask = fit(mask);
  const givenEdge = edge ?? io?.edge(mask);
  return {
    id,
    size,
    image: fit(image),
    mask: resizedMask,
    edge: givenEdge ? fit(givenEdge) : edgeBytes(resizedMask, size),
    ...(uncertainty && { uncertainty: fit(uncertainty) }),
    hasForeground: mask.data.some((value) => value > 0),
  };
}

/**
 * A part of a sample has a byte per pixel and the size of the image.
 *
 * @throws SampleError `invalid-sample`, `size-mismatch`
 */
export function checkShape(id: string, name: string, part: GreyImage | undefined, image: GreyImage): void {
  if (!part) return;
  const { width, height, data } = part;
  if (width < 1 || height < 1 || data.length !== width * height) {
    throw new SampleError(
      'invalid-sample',
      id,
      `${id}: the ${name} says ${width}×${height} but has ${data.length} pixels`,
      'Give one byte per pixel, row by row.',
    );
  }
  if (width !== image.width || height !== image.height) {
    throw new SampleError(
      'size-mismatch',
      id,
      `${id}: the ${name} is ${width}×${height}, the image ${image.width}×${image.height}`,
      `Give the ${name} at the size of its image; resizing it here would move the labels.`,
    );
  }
}

function checkMaskValues(id: string, mask: GreyImage): void {
  let between = 0;
  let highest = 0;
  for (const value of mask.data) {
    if (value >= OFF_BELOW && value < ON_FROM) between++;
    if (value > highest) highest = value;
  }
  const share = between / mask.data.length;
  if (share <= BETWEEN_SHARE && (highest === 0 || highest >= ON_FROM)) return;
  const found =
    highest < ON_FROM
      ? `its highest value is ${highest}`
      : `${(100 * share).toFixed(1)} % of its pixels lie between ${OFF_BELOW} and ${ON_FROM - 1}`;
  throw new SampleError(
    'mask-values',
    id,
    `${id}: the mask is not 0/255: ${found}`,
    'Store infection as 255 and the rest as 0; grey pseudo labels need `maskValues: "soft"`.',
  );
}

function edgeBytes(mask: Uint8Array, size: number): Uint8Array {
  const soft = Float32Array.from(mask, (value) => value / 255);
  return Uint8Array.from(morphologicalGradient(soft, size, size), (value) => Math.round(255 * value));
}
