import { axisStep, norm } from '../affine.js';
import { type DisplayFrame, displayFrame } from '../display-frame.js';
import { boxDims, type VoxelBox, type VoxelGrid } from '../morphology/voxel-grid.js';
import type { Volume } from '../volume.js';

/**
 * A volume's grid as it is looked at: x to the patient's left, y to the back, z to the head. Slices are axial here
 * whatever the order and direction of the axes in the file.
 */
export interface DisplayGrid extends VoxelGrid {
  readonly frame: DisplayFrame;
}

/** The display grid of a volume. */
export function displayGrid(volume: Pick<Volume, 'dims' | 'affine'>): DisplayGrid {
  const frame = displayFrame(volume);
  const step = (axis: number): number => norm(axisStep(volume.affine, axis));
  return {
    frame,
    dims: [frame.width, frame.height, frame.slices],
    spacing: [step(frame.axes[0]), step(frame.axes[1]), step(frame.axes[2])],
  };
}

/** The part of a display grid that a box covers. The box may reach beyond the grid, where no voxel may be asked for. */
export function cropDisplayGrid({ frame, spacing }: DisplayGrid, box: VoxelBox): DisplayGrid {
  const dims = boxDims(box);
  const [x, y, z] = box.from;
  const offset = frame.offset + x * frame.columnStride + y * frame.rowStride + z * frame.sliceStride;
  const [width, height, slices] = dims;
  return { frame: { ...frame, offset, width, height, slices }, dims, spacing };
}

/** Index in the volume's own order of a display index; along the row the next ones follow `columnStride` apart. */
export function volumeIndex({ frame, dims: [nx, ny] }: DisplayGrid, i: number): number {
  const x = i % nx;
  const row = (i - x) / nx;
  const y = row % ny;
  return frame.offset + x * frame.columnStride + y * frame.rowStride + ((row - y) / ny) * frame.sliceStride;
}

/** Voxels below a limit, in display order. What the scanner did not measure counts as air, whatever stands there. */
export function belowInDisplay(
  { voxels, padding = NaN }: Pick<Volume, 'voxels' | 'padding'>,
  grid: DisplayGrid,
  limit: number,
): Uint8Array {
  const below = new Uint8Array(voxels.length);
  forEachRow(grid, (own, display, nx, stride) => {
    for (let x = 0; x < nx; x++) {
      const value = voxels[own + x * stride] ?? 0;
      if (value < limit || value === padding) below[display + x] = 1;
    }
  });
  return below;
}

/** A mask in display order. */
export function toDisplay(mask: Uint8Array, grid: DisplayGrid): Uint8Array {
  const out = new Uint8Array(mask.length);
  forEachRow(grid, (own, display, nx, stride) => {
    for (let x = 0; x < nx; x++) out[display + x] = mask[own + x * stride] ?? 0;
  });
  return out;
}

/** A mask in the volume's own order: the inverse of {@link toDisplay}. */
export function fromDisplay(mask: Uint8Array, grid: DisplayGrid): Uint8Array {
  const out = new Uint8Array(mask.length);
  forEachRow(grid, (own, display, nx, stride) => {
    for (let x = 0; x < nx; x++) out[own + x * stride] = mask[display + x] ?? 0;
  });
  return out;
}

/** Calls `visit` with where each row begins in the volume's own order and in display order. */
function forEachRow(
  { frame, dims: [nx, ny, nz] }: DisplayGrid,
  visit: (own: number, display: number, nx: number, stride: number, z: number) => void,
): void {
  const { offset, rowStride, sliceStride, columnStride } = frame;
  for (let z = 0, display = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, display += nx) {
      visit(offset + y * rowStride + z * sliceStride, display, nx, columnStride, z);
    }
  }
}
