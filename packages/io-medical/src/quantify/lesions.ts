import { LEFT_LUNG, type LungSide, RIGHT_LUNG } from '../lung/labels.js';
import { componentsOfRuns } from '../morphology/connected-components.js';
import type { Runs } from '../morphology/runs.js';
import type { Volume } from '../volume.js';
import type { RegionSize } from './region.js';

/** One connected piece of the infection. */
export interface Lesion extends RegionSize {
  /** Middle of its voxels in millimetres to the patient's right, front and head (RAS); only where spacing is known. */
  readonly centroidMm?: readonly [number, number, number];
  /** Mean density; only for volumes in HU. */
  readonly meanHu?: number;
  /** The lung that holds most of it; only where the lungs are known by side. */
  readonly side?: LungSide;
}

/** The pieces of the infection. */
export interface LesionQuantities {
  readonly count: number;
  /** The largest, largest first. */
  readonly largest: readonly Lesion[];
  readonly method: string;
}

/** Sums over one piece. */
interface Sums {
  voxels: number;
  x: number;
  y: number;
  z: number;
  hu: number;
  right: number;
  left: number;
}

/**
 * Connected pieces of a mask (26 neighbours), the largest in a table.
 *
 * @param runs the mask's
 * @param lungs labels by side in the volume's order
 */
export function measureLesions(
  runs: Runs,
  volume: Volume,
  size: (voxels: number) => RegionSize,
  { lungs, rows }: { readonly lungs?: Uint8Array; readonly rows: number },
): LesionQuantities {
  const [nx, ny] = volume.dims;
  const components = componentsOfRuns(runs, volume.dims, 26);
  const sums = Array.from({ length: components.count + 1 }, (): Sums => ({
    voxels: 0,
    x: 0,
    y: 0,
    z: 0,
    hu: 0,
    right: 0,
    left: 0,
  }));
  components.forEachRun((component, start, end) => {
    const sum = sums[component];
    if (sum === undefined) return;
    const length = end - start;
    const x = start % nx;
    const row = (start - x) / nx;
    sum.voxels += length;
    sum.x += length * (x + (length - 1) / 2);
    sum.y += length * (row % ny);
    sum.z += length * Math.floor(row / ny);
    for (let i = start; i < end; i++) {
      sum.hu += volume.voxels[i] ?? 0;
      if (lungs?.[i] === RIGHT_LUNG) sum.right++;
      else if (lungs?.[i] === LEFT_LUNG) sum.left++;
    }
  });
  const sorted = sums.slice(1).toSorted((a, b) => b.voxels - a.voxels);
  return {
    count: components.count,
    largest: sorted.slice(0, rows).map((sum) => toLesion(sum, volume, size)),
    method: `pieces of the mask connected by faces, edges or corners (26 neighbours); the ${rows} largest are listed`,
  };
}

function toLesion(
  sum: Sums,
  { affine, unit, calibrated }: Volume,
  size: (voxels: number) => RegionSize,
): Lesion {
  const { voxels, right, left } = sum;
  const centre = [sum.x / voxels, sum.y / voxels, sum.z / voxels, 1];
  const place = (row: number): number =>
    centre.reduce((total, value, column) => total + value * (affine[4 * row + column] ?? 0), 0);
  return {
    ...size(voxels),
    ...(calibrated && { centroidMm: [place(0), place(1), place(2)] as const }),
    ...(unit === 'HU' && { meanHu: sum.hu / voxels }),
    ...(right + left > 0 && { side: right >= left ? 'right' : 'left' }),
  };
}
