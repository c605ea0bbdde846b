import type { Grid } from '../grid.js';
import type { MaskArray } from '../inputs.js';
import { numberIn } from '../number-in.js';
import { openPair, shareWithoutSurface, type BoundaryOptions, type OpenedPair } from './boundary-options.js';
import type { Box } from './crop-pair.js';

/**
 * Boundary IoU (Cheng et al., "Boundary IoU: improving object-centric image segmentation evaluation", CVPR 2021): IoU of
 * the inner rims of two masks. A rim holds the foreground within `dilation` steps of the background or of the image's
 * edge, diagonal steps included.
 *
 * @param prediction [depth * height * width]
 * @param groundTruth same size
 * @param options `dilation` in voxels; default 2 % of the diagonal of a slice, at least 1, as in the paper
 * @returns 0..1
 * @throws MetricsError on unusable input, see {@link evaluateBoundary}
 *
 * @example
 * ```ts
 * import { boundaryIou } from '@infnet/metrics/boundary';
 *
 * const size = { width: 4, height: 1 };
 * console.log(boundaryIou(Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 1, 1, 1), size)); // 0.5
 * ```
 */
export function boundaryIou(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions & { readonly dilation?: number },
): number {
  const dilation = dilationOf(options, options.dilation);
  return boundaryIouOf(openPair(prediction, groundTruth, options), dilation);
}

/**
 * Voxels of a rim: the given number, or the paper's.
 *
 * @throws MetricsError `invalid-option`
 */
export function dilationOf({ width, height }: Pick<Grid, 'width' | 'height'>, dilation?: number): number {
  if (dilation === undefined) return Math.max(1, Math.round(0.02 * Math.hypot(width, height)));
  return numberIn('dilation', dilation, 1, Infinity, 'whole number');
}

/** Boundary IoU of an opened pair. */
export function boundaryIouOf(opened: OpenedPair, dilation: number): number {
  const missing = shareWithoutSurface(opened);
  if (missing !== undefined) return missing;
  const [p, g] = [rimOf(opened.pair.prediction, dilation), rimOf(opened.pair.groundTruth, dilation)];
  let both = 0;
  let either = 0;
  for (let i = 0; i < p.length; i++) {
    both += p[i]! & g[i]!;
    either += p[i]! | g[i]!;
  }
  return both / either;
}

/** The mask without what is left after eroding it. */
function rimOf(box: Box, dilation: number): Uint8Array {
  const { bytes, width, height, depth, isVolume } = box;
  const core = bytes.slice();
  erode(core, dilation, width, 1);
  erode(core, dilation, height, width);
  if (isVolume) erode(core, dilation, depth, width * height);
  return bytes.map((value, i) => value & ~core[i]!);
}

/**
 * Clears every voxel with a 0 at most `reach` steps away along one axis. Lines start and end with the empty margin, so a
 * scan that starts there sees every edge.
 */
function erode(bytes: Uint8Array, reach: number, length: number, stride: number): void {
  const lines = bytes.length / length;
  const source = new Uint8Array(length);
  for (let line = 0; line < lines; line++) {
    const start = (line % stride) + Math.floor(line / stride) * stride * length;
    let left = 0; // steps since the last 0
    for (let i = 0; i < length; i++) source[i] = bytes[start + i * stride]!;
    for (let i = 0; i < length; i++) {
      left = source[i] === 0 ? 0 : left + 1;
      if (left <= reach) bytes[start + i * stride] = 0;
    }
    let right = 0;
    for (let i = length - 1; i >= 0; i--) {
      right = source[i] === 0 ? 0 : right + 1;
      if (right <= reach) bytes[start + i * stride] = 0;
    }
  }
}
