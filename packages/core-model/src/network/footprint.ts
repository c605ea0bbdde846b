import type { RunKind, RunNeed, RunSize } from '../backend/check-run.js';

/**
 * What a network's runs take besides its weights, in bytes: read off `tf.profile` on wasm for images so large that the
 * tensors between the layers rule. Small images take more than told here; see footprint.test.ts.
 */
export interface Footprint {
  /** At the peak of a run, for each pixel of its images. */
  readonly perPixel: Readonly<Record<RunKind, number>>;
  /** The largest tensor between the layers, and of the gradients' making, for each pixel of the images. */
  readonly largestPerPixel: Readonly<Record<RunKind, number>>;
}

/** How many values a network's weights are. */
export interface WeightSizes {
  readonly all: number;
  /** In the largest kernel. */
  readonly largest: number;
}

/** Copies of all weights at the peak: their gradients. */
const WEIGHT_COPIES: Readonly<Record<RunKind, number>> = { predict: 0, train: 1, 'train-recomputing': 1 };
const FLOAT_BYTES = 4;

/** `Architecture.footprint` of a network whose tensors grow with its width: from what it takes at width 1. */
export function footprintByWidth({
  perPixel,
  largestPerPixel,
}: Footprint): (options: { readonly width: number }) => Footprint {
  return ({ width }) => ({
    perPixel: times(perPixel, width),
    largestPerPixel: times(largestPerPixel, width),
  });
}

/** What a run of a size takes. */
export function needOf(
  { perPixel, largestPerPixel }: Footprint,
  { all, largest }: WeightSizes,
  kind: RunKind,
): (size: RunSize) => RunNeed {
  return ({ batch, height, width }) => {
    const pixels = batch * height * width;
    return {
      totalBytes: WEIGHT_COPIES[kind] * FLOAT_BYTES * all + perPixel[kind] * pixels,
      tensorBytes: Math.max(largestPerPixel[kind] * pixels, FLOAT_BYTES * largest),
    };
  };
}

function times(bytes: Readonly<Record<RunKind, number>>, factor: number): Record<RunKind, number> {
  return {
    predict: factor * bytes.predict,
    train: factor * bytes.train,
    'train-recomputing': factor * bytes['train-recomputing'],
  };
}
