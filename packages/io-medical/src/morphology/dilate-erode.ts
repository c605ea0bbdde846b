import { ImageFormatError } from '../errors.js';
import { checkMask } from './connected-components.js';
import { dilateDisc } from './disc.js';
import { squaredDistance } from './distance-transform.js';
import {
  boxDims,
  cropMask,
  growBox,
  maskBox,
  pasteMask,
  type VoxelBox,
  type VoxelGrid,
} from './voxel-grid.js';

/** The structuring element of {@link dilate}, {@link erode}, {@link closing} and {@link opening}. */
export interface StructuringElement {
  /** In the unit of the grid's spacing; at least 0. */
  readonly radius: number;
  /** A ball in space, or a disc in each slice of its own. Default `ball`. */
  readonly shape?: 'ball' | 'disc';
}

/**
 * Sets every voxel that lies within the radius of a voxel of the mask, centre to centre, both included.
 *
 * @param mask anything but 0 is mask
 * @returns a new mask of 0 and 1
 * @throws {ImageFormatError} `size-mismatch`, `invalid-option`
 */
export function dilate(mask: Uint8Array, grid: VoxelGrid, element: StructuringElement): Uint8Array {
  return within(mask, grid, element, (part, cropped) => spread(part, cropped, element));
}

/** Clears every voxel of the mask that lies within the radius of a voxel outside it; beyond the grid is outside. */
export function erode(mask: Uint8Array, grid: VoxelGrid, element: StructuringElement): Uint8Array {
  return within(mask, grid, element, (part, cropped) => shrink(part, cropped, element));
}

/**
 * Dilation, then erosion: fills gaps and bays narrower than twice the radius. Never takes a voxel away, at the border
 * of the grid neither (beyond it the mask goes on as far as it was dilated).
 */
export function closing(mask: Uint8Array, grid: VoxelGrid, element: StructuringElement): Uint8Array {
  return within(mask, grid, element, (part, cropped) =>
    shrink(spread(part, cropped, element), cropped, element),
  );
}

/** Erosion, then dilation: removes what is narrower than twice the radius. Never adds a voxel. */
export function opening(mask: Uint8Array, grid: VoxelGrid, element: StructuringElement): Uint8Array {
  return within(mask, grid, element, (part, cropped) =>
    spread(shrink(part, cropped, element), cropped, element),
  );
}

/** Works on the box around the mask, wide enough for what the element reaches and a rim of outside around that. */
function within(
  mask: Uint8Array,
  { dims, spacing }: VoxelGrid,
  { radius, shape = 'ball' }: StructuringElement,
  work: (part: Uint8Array, grid: VoxelGrid) => Uint8Array,
): Uint8Array {
  checkMask(mask, dims);
  if (!(radius >= 0) || !Number.isFinite(radius) || !spacing.every((step) => step > 0)) {
    throw new ImageFormatError(
      'invalid-option',
      `a radius of ${radius} on a spacing of ${spacing.join(' x ')} is no structuring element`,
      'Give a finite radius of at least 0 and a spacing above 0.',
    );
  }
  const out = new Uint8Array(mask.length);
  const box = maskBox(mask, dims);
  if (box === undefined) return out;
  const reach = (step: number): number => Math.floor(radius / step) + 1;
  const wide: VoxelBox = growBox(box, [
    reach(spacing[0]),
    reach(spacing[1]),
    shape === 'disc' ? 0 : reach(spacing[2]),
  ]);
  const part = work(cropMask(mask, dims, wide), { dims: boxDims(wide), spacing });
  pasteMask(out, dims, wide, part);
  return out;
}

function spread(
  mask: Uint8Array,
  grid: VoxelGrid,
  { radius, shape = 'ball' }: StructuringElement,
): Uint8Array {
  if (shape === 'disc') return dilateDisc(mask, grid, radius);
  const outside = inverted(mask);
  const squared = squaredDistance(outside, grid);
  const limit = radius * radius * (1 + 1e-6);
  for (let i = 0; i < outside.length; i++) outside[i] = (squared[i] ?? 0) <= limit ? 1 : 0;
  return outside;
}

function shrink(mask: Uint8Array, grid: VoxelGrid, element: StructuringElement): Uint8Array {
  return inverted(spread(inverted(mask), grid, element));
}

function inverted(mask: Uint8Array): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) if (mask[i] === 0) out[i] = 1;
  return out;
}
