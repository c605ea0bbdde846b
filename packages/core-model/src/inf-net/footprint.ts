import type { RunKind, RunNeed, RunSize } from '../backend/check-run.js';
import type { InfNetOptions } from './options.js';

/** Bytes at the peak of a run for each pixel of its images, at width 1: read off `tf.profile`; see footprint.test.ts. */
const BYTES_PER_PIXEL: Readonly<Record<RunKind, number>> = {
  predict: 610,
  train: 5_100,
  'train-recomputing': 1_900,
};
/** Copies of all weights: their gradients. */
const WEIGHT_COPIES: Readonly<Record<RunKind, number>> = { predict: 0, train: 1, 'train-recomputing': 1 };
/** The stem's features at half the image's side: 64 channels, or 32 nine times shifted for a kernel's gradient on wasm. */
const LARGEST_PER_PIXEL: Readonly<Record<RunKind, number>> = {
  predict: 64,
  train: 320,
  'train-recomputing': 320,
};
/** The shortcut of the backbone's last layer, at width 1. */
const LARGEST_KERNEL = 1024 * 2048;
const FLOAT_BYTES = 4;

/** What a run of an Inf-Net takes besides its weights; measured for Res2Net50 alone. `parameters` is their number. */
export function footprint(
  { backbone, width: factor }: InfNetOptions,
  parameters: number,
  kind: RunKind,
): ((size: RunSize) => RunNeed) | undefined {
  if (backbone !== 'res2net50') return undefined;
  const weights = FLOAT_BYTES * parameters;
  return ({ batch, height, width }) => {
    const pixels = batch * height * width * factor;
    return {
      totalBytes: WEIGHT_COPIES[kind] * weights + BYTES_PER_PIXEL[kind] * pixels,
      tensorBytes: Math.max(LARGEST_PER_PIXEL[kind] * pixels, FLOAT_BYTES * LARGEST_KERNEL * factor ** 2),
    };
  };
}
