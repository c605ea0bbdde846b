import { connectedComponents, type Components } from '../morphology/connected-components.js';
import type { VoxelBox } from '../morphology/voxel-grid.js';
import type { Volume, VoxelArray } from '../volume.js';
import { type DisplayGrid, volumeIndex } from './display-grid.js';

/** At or below this density a voxel is gas, or the foam of a table; healthy lung holds blood too. */
const GAS_HU = -920;
/** A region with a larger share of gas is bowel, windpipe or table. */
const GAS_SHARE = 0.5;
/** Air at the side of the image with a smaller share of gas is a lung that the field of view cuts. */
const CUT_GAS_SHARE = 0.3;
/** Regions smaller than this share of the largest are left to the closing. */
const SMALLEST_SHARE = 0.01;
/** A lung covers more than this in the mean of its slices. */
const SMALLEST_AREA_MM2 = 300;

/** One region of air inside the body, or of a lung mask. */
export interface Region {
  readonly component: number;
  readonly voxels: number;
  readonly box: VoxelBox;
  /** Share of its voxels to the patient's left of the midline. */
  readonly left: number;
}

/**
 * Air inside the body, bowel and airways too: what does not touch the sides of the image. A field of view that cuts the
 * lungs lets them touch; they stay, because unlike the air around a patient they are not mostly gas.
 */
export function enclosedAir(air: Uint8Array, { voxels }: Volume, grid: DisplayGrid): Uint8Array {
  const components = connectedComponents(air, grid.dims);
  const gas = countGas(components, voxels, grid);
  const touching = new Uint8Array(components.count + 1);
  components.forEachRun((component, start, end) => {
    if (touchesSide(start, end, grid)) touching[component] = 1;
  });
  return components.select((component) => {
    if (touching[component] === 0) return true;
    return (gas[component] ?? 0) <= CUT_GAS_SHARE * (components.sizes[component] ?? 0);
  });
}

/** Whether a run of a row in display order touches a side of the image; its top and bottom slices are no sides. */
function touchesSide(start: number, end: number, { dims: [nx, ny] }: DisplayGrid): boolean {
  const x = start % nx;
  const y = ((start - x) / nx) % ny;
  return x === 0 || x + end - start === nx || y === 0 || y === ny - 1;
}

/** Regions that may be lung, largest first: large enough, and not mostly gas. */
export function lungRegions(
  components: Components,
  { voxels }: Volume,
  grid: DisplayGrid,
  midline: number,
): Region[] {
  const [sx, sy] = grid.spacing;
  const gas = countGas(components, voxels, grid);
  const regions = describeRegions(components, grid, midline).filter((region) => {
    const meanArea = (region.voxels * sx * sy) / (region.box.to[2] - region.box.from[2]);
    return meanArea >= SMALLEST_AREA_MM2 && (gas[region.component] ?? 0) <= GAS_SHARE * region.voxels;
  });
  const smallest = SMALLEST_SHARE * (regions[0]?.voxels ?? 0);
  return regions.filter((region) => region.voxels >= smallest);
}

/** Size and place of each component, largest first. */
export function describeRegions(
  components: Components,
  { dims: [nx] }: DisplayGrid,
  midline: number,
): Region[] {
  const left = new Float64Array(components.count + 1);
  components.forEachRun((component, start, end) => {
    const x = start % nx;
    left[component] = (left[component] ?? 0) + Math.max(0, x + end - start - Math.max(x, midline));
  });
  return components
    .boxes()
    .flatMap((box, component) => {
      if (box === undefined) return [];
      const voxels = components.sizes[component] ?? 0;
      return [{ component, voxels, box, left: (left[component] ?? 0) / voxels }];
    })
    .toSorted((a, b) => b.voxels - a.voxels);
}

/** Voxels of each component that are gas. */
function countGas(components: Components, voxels: VoxelArray, grid: DisplayGrid): Float64Array {
  const stride = grid.frame.columnStride;
  const gas = new Float64Array(components.count + 1);
  components.forEachRun((component, start, end) => {
    const own = volumeIndex(grid, start);
    let count = 0;
    for (let i = 0; i < end - start; i++) if ((voxels[own + i * stride] ?? 0) <= GAS_HU) count++;
    gas[component] = (gas[component] ?? 0) + count;
  });
  return gas;
}

/** Column of the body's middle: the mean place of everything denser than lung. */
export function bodyMidline({ voxels }: Volume, grid: DisplayGrid): number {
  const [nx, ny, nz] = grid.dims;
  const { columnStride, rowStride, sliceStride, offset } = grid.frame;
  // Every fourth row and slice is plenty for a mean.
  const skip = (count: number): number => (count > 32 ? 4 : 1);
  let sum = 0;
  let count = 0;
  for (let z = 0; z < nz; z += skip(nz)) {
    for (let y = 0; y < ny; y += skip(ny)) {
      const own = offset + y * rowStride + z * sliceStride;
      for (let x = 0; x < nx; x++) {
        if ((voxels[own + x * columnStride] ?? 0) > -200) {
          sum += x + 0.5;
          count++;
        }
      }
    }
  }
  return count === 0 ? nx / 2 : sum / count;
}
