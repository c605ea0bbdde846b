import type { Random } from '../random.js';

/** The sets of {@link AUGMENTATIONS}, each holding those before it. */
export type AugmentMode = 'none' | 'flip' | 'weak' | 'full' | 'strong';

/**
 * How far a set varies a slice. Rotation in degrees; scale, contrast and gamma as the largest factor (drawn uniformly in
 * its logarithm, both ways); shift as a share of the side; brightness as a share of the grey range; noise as the largest
 * standard deviation, a share of the grey range too.
 */
export interface AugmentationRanges {
  /** Mirror left and right, every other time. */
  readonly flip: boolean;
  readonly rotation: number;
  readonly scale: number;
  readonly shift: number;
  readonly contrast: number;
  readonly brightness: number;
  readonly gamma: number;
  readonly noise: number;
}

const NONE: AugmentationRanges = {
  flip: false,
  rotation: 0,
  scale: 1,
  shift: 0,
  contrast: 1,
  brightness: 0,
  gamma: 1,
  noise: 0,
};
const FLIP: AugmentationRanges = { ...NONE, flip: true };
const WEAK: AugmentationRanges = { ...FLIP, rotation: 10, scale: 1.2, shift: 0.1 };

/**
 * The sets of augmentation.
 *
 * - `none`, `flip`
 * - `weak`: where things are, not how they look: flip, rotation, scale, shift.
 * - `full`: `weak`, and the display window: contrast, brightness and gamma. For labelled slices.
 * - `strong`: `weak`, and twice as much of the window's, and noise. For what has to come out as a `weak` view did.
 *
 * From one stream of numbers, `weak`, `full` and `strong` draw the same geometry.
 */
export const AUGMENTATIONS: Readonly<Record<AugmentMode, AugmentationRanges>> = {
  none: NONE,
  flip: FLIP,
  weak: WEAK,
  full: { ...WEAK, contrast: Math.exp(0.25), brightness: 0.15, gamma: Math.exp(0.3) },
  strong: { ...WEAK, contrast: Math.exp(0.5), brightness: 0.3, gamma: Math.exp(0.6), noise: 0.1 },
};

/** One drawn variation of a slice. */
export interface Variation {
  /** Mirror left and right. */
  readonly flip: boolean;
  /** Radians, counter-clockwise as seen. */
  readonly rotation: number;
  /** Above 1 enlarges. */
  readonly scale: number;
  /** Pixels, to the right and down, as a share of the side. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Factor on the distance from the slice's mean grey value. */
  readonly contrast: number;
  /** Added to grey values of 0 … 1. */
  readonly brightness: number;
  /** Exponent of grey values of 0 … 1. */
  readonly gamma: number;
  /** Standard deviation of Gaussian noise, of grey values of 0 … 1. */
  readonly noise: number;
  /** Which noise. */
  readonly noiseSeed: number;
}

/** Draws a variation. */
export function drawVariation(mode: AugmentMode, random: Random): Variation {
  const ranges = AUGMENTATIONS[mode];
  const flip = ranges.flip && random.uniform() < 0.5;
  if (mode === 'none' || mode === 'flip') return { ...STILL, flip };
  const around = (range: number): number => random.uniform(-range, range);
  const factor = (largest: number): number => Math.exp(around(Math.log(largest)));
  return {
    flip,
    rotation: (around(ranges.rotation) * Math.PI) / 180,
    scale: factor(ranges.scale),
    shiftX: around(ranges.shift),
    shiftY: around(ranges.shift),
    contrast: factor(ranges.contrast),
    brightness: around(ranges.brightness),
    gamma: factor(ranges.gamma),
    noise: random.uniform(0, ranges.noise),
    noiseSeed: random.uint32(),
  };
}

/** No variation. */
const STILL: Variation = {
  flip: false,
  rotation: 0,
  scale: 1,
  shiftX: 0,
  shiftY: 0,
  contrast: 1,
  brightness: 0,
  gamma: 1,
  noise: 0,
  noiseSeed: 0,
};
