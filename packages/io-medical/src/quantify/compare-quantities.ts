import type { Quantities } from './quantify.js';

/** One figure at two time points. */
export interface QuantityChange {
  /** What is compared, such as `infection` or `share of the right lung`. */
  readonly name: string;
  readonly unit: 'ml' | '%' | 'HU' | 'pieces' | 'points' | 'voxels';
  readonly earlier: number;
  readonly later: number;
  /** Later minus earlier, in the unit: for shares, percentage points. */
  readonly change: number;
  /** Change over the earlier figure; only for sizes that were not 0. */
  readonly relativeChange?: number;
}

/** Two time points of one patient. */
export interface QuantityComparison {
  readonly changes: readonly QuantityChange[];
  /** What was measured differently, so that the change may be one of method. Empty where nothing was. */
  readonly differences: readonly string[];
}

/**
 * Compares the quantities of two scans of one patient, the earlier one first. Only figures that both have are compared.
 * Nothing is registered: shares of lungs, zones and lobes can be compared, places of lesions cannot.
 */
export function compareQuantities(earlier: Quantities, later: Quantities): QuantityComparison {
  const changes: QuantityChange[] = [];
  const add = (
    name: string,
    unit: QuantityChange['unit'],
    pick: (quantities: Quantities) => number | undefined,
  ): void => {
    const before = pick(earlier);
    const after = pick(later);
    if (before === undefined || after === undefined) return;
    const change = after - before;
    const isSize = unit === 'ml' || unit === 'voxels';
    changes.push({
      name,
      unit,
      earlier: before,
      later: after,
      change,
      ...(isSize && before > 0 && { relativeChange: change / before }),
    });
  };
  const percent = (share: number | undefined): number | undefined =>
    share === undefined ? undefined : 100 * share;
  add('infection', 'ml', ({ volumeMl }) => volumeMl);
  add('share of the lungs', '%', ({ lungs }) => percent(lungs?.affectedShare));
  add('share of the right lung', '%', ({ lungs }) => percent(lungs?.right?.affectedShare));
  add('share of the left lung', '%', ({ lungs }) => percent(lungs?.left?.affectedShare));
  add('zone score', 'points', ({ lungs }) => lungs?.zoneScore);
  add('CT severity score', 'points', ({ lobes }) => lobes?.severityScore);
  add('ground glass', 'ml', ({ tissue }) => tissue?.groundGlass.volumeMl);
  add('consolidation', 'ml', ({ tissue }) => tissue?.consolidation.volumeMl);
  add('mean density', 'HU', ({ meanHu }) => meanHu);
  add('lesions', 'pieces', ({ lesions }) => lesions.count);
  add('lungs', 'ml', ({ lungs }) => lungs?.volumeMl);
  if (changes.every(({ unit }) => unit !== 'ml')) add('infection', 'voxels', ({ voxels }) => voxels);
  return { changes, differences: differencesOf(earlier, later) };
}

function differencesOf(earlier: Quantities, later: Quantities): string[] {
  const parts: readonly (readonly [string, (quantities: Quantities) => string | undefined])[] = [
    // The voxel size may differ between scans; only whether there is one matters here.
    ['volume', ({ volumeMl }) => (volumeMl === undefined ? 'without a voxel size' : 'with the voxel size')],
    ['lungs', ({ lungs }) => lungs?.method],
    ['lobes', ({ lobes }) => lobes?.method],
    ['ground glass and consolidation', ({ tissue }) => tissue?.method],
    ['lesions', ({ lesions }) => lesions.method],
  ];
  return parts.flatMap(([name, pick]) => {
    const [before, after] = [pick(earlier), pick(later)];
    if (before === after) return [];
    return [`${name}: ${before ?? 'not measured'} (earlier), ${after ?? 'not measured'} (later)`];
  });
}
