import type { Volume } from '@infnet/io-medical';
import type { WindowChoice } from '../options.js';
import type { Fact } from '../report/page-data.js';

/** The grey window that the network sees, in words. */
export function windowText(
  { unit, eightBit }: Pick<Volume, 'unit'> & { readonly eightBit: boolean },
  window?: WindowChoice,
): string {
  if (typeof window === 'string') return `${window} window`;
  if (window !== undefined)
    return `${window.center - window.width / 2} to ${window.center + window.width / 2} ${unit}`;
  if (unit === 'HU') return 'lung window, -1350 to 150 HU';
  return eightBit ? 'none, 8-bit grey as it is' : 'full range of the file';
}

/** Millimetres between voxels along each axis. */
export function spacingOf({ affine }: Pick<Volume, 'affine'>): number[] {
  return [0, 1, 2].map((axis) =>
    Number(Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!).toFixed(5)),
  );
}

const FORMAT_NAMES: Readonly<Record<string, string>> = { nifti: 'NIfTI', metaimage: 'MetaImage' };

/** What a report says of an image. */
export interface DescribedImage {
  readonly dims: readonly number[];
  readonly format: string;
  readonly spacingMm?: readonly number[];
  /** Grey window that the network saw, in words. */
  readonly window: string;
  readonly assumed: readonly string[];
}

/** Size, spacing and grey window of an image, and what was assumed of it. */
export function imageFacts({ dims, spacingMm, window, format, assumed }: DescribedImage): Fact[] {
  const size = dims.filter((side, axis) => axis < 2 || side > 1).join(' × ');
  const spacing = spacingMm?.map((step) => Number(step.toFixed(2))).join(' × ');
  return [
    { label: 'Image', value: `${size}, ${FORMAT_NAMES[format] ?? format.toUpperCase()}` },
    ...(spacing === undefined ? [] : [{ label: 'Spacing', value: `${spacing} mm` }]),
    ...assumed.map((value) => ({ label: 'Assumed', value })),
    { label: 'Grey window', value: window },
  ];
}
