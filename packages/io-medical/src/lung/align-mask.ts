import { ImageFormatError } from '../errors.js';
import type { Affine } from '../affine.js';
import type { Volume, VoxelArray } from '../volume.js';
import { type DisplayGrid, displayGrid, fromDisplay, toDisplay } from './display-grid.js';

/** How far two grids may lie apart, in voxels: rounding of headers, not another position. */
const TOLERANCE = 0.1;

/**
 * Labels of a mask file on the grid of the volume that it belongs to. The axes may run in another order or direction,
 * as long as the same voxels are meant.
 *
 * @returns one label per voxel in the order of `volume`
 * @throws {ImageFormatError} `size-mismatch` where the grids differ; `invalid-option` where the values are no labels
 */
export function alignMask(mask: Volume, volume: Volume): Uint8Array {
  const [from, to] = [displayGrid(mask), displayGrid(volume)];
  const difference = differenceOf(mask, from, volume, to);
  if (difference !== undefined) {
    throw new ImageFormatError(
      'size-mismatch',
      `${mask.source}: ${difference} than ${volume.source}, so it is no mask of it`,
      'Give a mask that was made from this volume, resampled to its grid if need be.',
    );
  }
  return fromDisplay(toDisplay(toLabels(mask.voxels, mask.source), from), to);
}

function differenceOf(mask: Volume, from: DisplayGrid, volume: Volume, to: DisplayGrid): string | undefined {
  if (from.dims.some((side, axis) => side !== to.dims[axis])) {
    return `it has ${from.dims.join(' x ')} voxels, seen axially, where ${to.dims.join(' x ')} are needed: other`;
  }
  if (!mask.calibrated || !volume.calibrated) return undefined;
  const step = Math.min(...to.spacing);
  const [nx, ny, nz] = to.dims;
  const corners = [0, nx - 1, (ny - 1) * nx, (nz - 1) * nx * ny, nx * ny * nz - 1];
  const distances = corners.map((corner) => {
    const a = placeOf(mask, from, corner);
    const b = placeOf(volume, to, corner);
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  });
  const furthest = Math.max(...distances);
  return furthest <= TOLERANCE * step ? undefined : `it lies elsewhere, by up to ${furthest.toFixed(1)} mm,`;
}

/** Place in millimetres of a display index. */
function placeOf({ affine, dims }: Volume, grid: DisplayGrid, i: number): [number, number, number] {
  const [nx, ny] = grid.dims;
  const { frame } = grid;
  const x = i % nx;
  const row = (i - x) / nx;
  const y = row % ny;
  const own =
    frame.offset + x * frame.columnStride + y * frame.rowStride + ((row - y) / ny) * frame.sliceStride;
  const index = [own % dims[0], Math.floor(own / dims[0]) % dims[1], Math.floor(own / (dims[0] * dims[1]))];
  return [0, 1, 2].map((line) => apply(affine, line, index)) as [number, number, number];
}

function apply(affine: Affine, line: number, index: readonly number[]): number {
  return [0, 1, 2].reduce(
    (sum, column) => sum + (affine[4 * line + column] ?? 0) * (index[column] ?? 0),
    affine[4 * line + 3] ?? 0,
  );
}

function toLabels(voxels: VoxelArray, source: string): Uint8Array {
  if (voxels instanceof Uint8Array) return voxels;
  const labels = new Uint8Array(voxels.length);
  for (let i = 0; i < labels.length; i++) {
    const value = voxels[i] ?? 0;
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw new ImageFormatError(
        'invalid-option',
        `${source}: it holds the value ${value}, which is no label`,
        'Give a mask of whole numbers from 0 to 255.',
      );
    }
    labels[i] = value;
  }
  return labels;
}
