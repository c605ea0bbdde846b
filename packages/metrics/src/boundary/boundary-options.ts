import { MetricsError } from '../errors.js';
import { checkForeground, type Foreground } from '../foreground.js';
import { gridOf, type Grid, type GridOptions } from '../grid.js';
import type { MaskArray } from '../inputs.js';
import { oneOf } from '../one-of.js';
import { ORIGIN } from '../version.js';
import { cropPair, type BoxPair } from './crop-pair.js';
import { diagonalOf } from './surface-distances.js';

/**
 * What a boundary measure is without foreground in the ground truth.
 *
 * - `'nan'` (default): NaN, whatever was predicted, so that two models are compared on the same cases.
 * - `'one-zero'`: an empty prediction is perfect (distance 0, share 1), any other a complete miss (the distance of a
 *   missed lesion, share 0).
 */
export type BoundaryEmptyPolicy = 'nan' | 'one-zero';

/** How two masks are laid out and what missing surfaces cost. */
export interface BoundaryOptions extends GridOptions {
  /** Values strictly above this are foreground, in both masks. Default `'auto'`. */
  readonly foregroundAbove?: Foreground;
  /** Default `'nan'`. */
  readonly empty?: BoundaryEmptyPolicy;
  /**
   * Distance of a lesion that was missed altogether: Infinity (default, so that no mean hides it), the diagonal of the
   * image, or a number in the spacing's unit.
   */
  readonly missedDistance?: number | 'diagonal';
}

/** What has to be known to compute a boundary measure again. */
export interface BoundaryDefinition {
  readonly package: '@infnet/metrics';
  readonly version: string;
  /** Size of a voxel, x first; distances are in its unit. */
  readonly spacing: readonly number[];
  readonly foregroundAbove: Foreground;
  readonly empty: BoundaryEmptyPolicy;
  /** Distance that stands for a missed lesion; Infinity is written as text. */
  readonly missedDistance: number | 'Infinity';
}

/** Two masks ready to be measured. */
export interface OpenedPair {
  readonly pair: BoxPair;
  readonly definition: BoundaryDefinition;
  readonly grid: Grid;
}

/**
 * Reads and crops two masks.
 *
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `ambiguous-mask`,
 *   `invalid-option`
 */
export function openPair(
  prediction: MaskArray,
  groundTruth: MaskArray,
  options: BoundaryOptions,
): OpenedPair {
  const grid = gridOf(options);
  const foregroundAbove = checkForeground(options.foregroundAbove ?? 'auto');
  const empty = oneOf('empty', options.empty ?? 'nan', ['nan', 'one-zero']);
  const missed = options.missedDistance ?? Infinity;
  const missedDistance = missed === 'diagonal' ? diagonalOf(grid) : missed;
  if (!(missedDistance >= 0)) {
    throw new MetricsError(
      'invalid-option',
      `missedDistance is ${missedDistance}`,
      "pass a number from 0 on, or 'diagonal'",
    );
  }
  const pair = cropPair(prediction, groundTruth, grid, foregroundAbove);
  return {
    pair,
    grid,
    definition: {
      ...ORIGIN,
      spacing: grid.depth > 1 ? grid.spacing : grid.spacing.slice(0, 2),
      foregroundAbove,
      empty,
      missedDistance: missedDistance === Infinity ? 'Infinity' : missedDistance,
    },
  };
}

/** The distance where a surface is missing; undefined where both are there. */
export function distanceWithoutSurface(opened: OpenedPair): number | undefined {
  return withoutSurface(opened, Number(opened.definition.missedDistance), 0);
}

/** The share of agreement where a surface is missing; undefined where both are there. */
export function shareWithoutSurface(opened: OpenedPair): number | undefined {
  return withoutSurface(opened, 0, 1);
}

function withoutSurface(
  { pair, definition }: OpenedPair,
  missed: number,
  agreed: number,
): number | undefined {
  if (pair.isPredicted && pair.isTrue) return undefined;
  if (pair.isTrue) return missed;
  if (definition.empty === 'nan') return NaN;
  return pair.isPredicted ? missed : agreed;
}
