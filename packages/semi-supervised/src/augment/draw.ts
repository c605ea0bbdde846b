import type { Random } from '../random.js';

/** How much a slice is varied: not at all, mirrored only, or everything in {@link AUGMENTATION_RANGES}. */
export type AugmentMode = 'none' | 'flip' | 'full';

/**
 * The ranges of `'full'`. Rotation in degrees; scale, contrast and gamma as the largest factor (drawn uniformly in
 * its logarithm, both ways); shift as a share of the side; brightness as a share of the grey range.
 */
export const AUGMENTATION_RANGES: {
  readonly rotation: number;
  readonly scale: number;
  readonly shift: number;
  readonly contrast: number;
  readonly brightness: number;
  readonly gamma: number;
} = {
  rotation: 10,
  scale: 1.2,
  shift: 0.1,
  contrast: Math.exp(0.25),
  brightness: 0.15,
  gamma: Math.exp(0.3),
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
}

/** Draws a variation. The same number of draws is taken whatever they give, so streams stay comparable. */
export function drawVariation(mode: AugmentMode, random: Random): Variation {
  const flip = mode !== 'none' && random.uniform() < 0.5;
  if (mode !== 'full') {
    return { flip, rotation: 0, scale: 1, shiftX: 0, shiftY: 0, contrast: 1, brightness: 0, gamma: 1 };
  }
  const { rotation, scale, shift, contrast, brightness, gamma } = AUGMENTATION_RANGES;
  const around = (range: number): number => random.uniform(-range, range);
  const factor = (largest: number): number => Math.exp(around(Math.log(largest)));
  return {
    flip,
    rotation: (around(rotation) * Math.PI) / 180,
    scale: factor(scale),
    shiftX: around(shift),
    shiftY: around(shift),
    contrast: factor(contrast),
    brightness: around(brightness),
    gamma: factor(gamma),
  };
}
