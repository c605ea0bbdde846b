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
  checkSpacing(spacing);
  const axes = depth === 1 ? 2 : 3;
  if (spacing.length < axes || spacing.length > 3) {
    throw new MetricsError(
      'invalid-option',
      `spacing has ${spacing.length} values for ${axes} axes`,
      'pass [x, y] for an image, [x, y, z] for a volume',
    );
  }
  const [x, y, z = 1] = spacing as [number, number, number?];
  return { width, height, depth, spacing: [x, y, z] };
}

/** @throws MetricsError `invalid-option` */
export function checkSpacing(spacing: readonly number[]): void {
  if (spacing.length > 0 && spacing.every((step) => Number.isFinite(step) && step > 0)) return;
  throw new MetricsError(
    'invalid-option',
    `spacing is [${spacing.join(', ')}]`,
    'pass finite sizes above 0, x first, for example [0.7, 0.7, 5]',
  );
}
