import { MetricsError } from './errors.js';
import type { Shape } from './inputs.js';

/** Size of an image or a volume, and of its voxels. Index = x + width * (y + height * z). */
export interface GridOptions extends Shape {
  /** Slices. Default 1: a 2-D image. */
  readonly depth?: number;
  /** Size of a voxel as [x, y] or [x, y, z], for example in mm; distances come in this unit. Default 1 each. */
  readonly spacing?: readonly number[];
}

/** A grid with nothing left out. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly spacing: readonly [x: number, y: number, z: number];
}

/**
 * Fills in depth and spacing. Sizes are checked where the arrays are read.
 *
 * @throws MetricsError `invalid-option` for a spacing that is not positive or has too few axes
 */
export function gridOf({ width, height, depth = 1, spacing }: GridOptions): Grid {
  if (spacing === undefined) return { width, height, depth, spacing: [1, 1, 1] };
  checkSpacing(spacing, depth === 1 ? 2 : 3, 3);
  const [x, y, z = 1] = spacing as [number, number, number?];
  return { width, height, depth, spacing: [x, y, z] };
}

/**
 * Sizes of a voxel along at least and at most so many axes.
 *
 * @throws MetricsError `invalid-option`
 */
export function checkSpacing(spacing: readonly number[], least: number = 1, most: number = Infinity): void {
  const isSound = spacing.length >= least && spacing.length <= most;
  if (isSound && spacing.every((step) => Number.isFinite(step) && step > 0)) return;
  throw new MetricsError(
    'invalid-option',
    `spacing is [${spacing.join(', ')}]`,
    'pass a finite size above 0 for every axis, x first: [0.7, 0.7] for an image, [0.7, 0.7, 5] for a volume',
  );
}
