import { axisStep, cross, determinant, norm } from './affine.js';
import { displayFrame, takeSlice } from './display-frame.js';
import { ImageFormatError } from './errors.js';
import type { Volume } from './volume.js';

/** Size of one region. */
export interface RegionSize {
  readonly voxels: number;
  /** Millilitres; only for volumes whose voxels have a known size. */
  readonly volumeMl?: number;
}

/** What {@link quantify} measures. */
export interface Quantities extends RegionSize {
  /** Voxels of the mask over voxels of the image, 0..1. */
  readonly shareOfImage: number;
  /** One entry per axial slice, from the feet up. */
  readonly slices: readonly {
    readonly voxels: number;
    /** Square millimetres; only for volumes whose voxels have a known size. */
    readonly areaMm2?: number;
  }[];
  /** Only where a lung mask was given. */
  readonly lungs?: RegionSize & {
    /** Mask over lungs, 0..1; 0 where there are no lungs. */
    readonly affectedShare: number;
  };
  /** How the numbers were made, in words, for reports. */
  readonly method: string;
}

/**
 * Measures a mask: voxels, share, and, where the voxel size is known, millilitres and square millimetres per slice.
 *
 * A voxel's volume is |det| of the affine's 3 x 3 part, which is right for sheared grids (gantry tilt) too. Voxels of
 * the mask outside the given lung mask count as lung: consolidated lung is often missing from a lung mask.
 *
 * @param mask one byte per voxel in the volume's order; anything but 0 is mask
 * @param options `lungs`: a lung mask of the same size
 */
export function quantify(
  mask: Uint8Array,
  volume: Volume,
  { lungs }: { readonly lungs?: Uint8Array } = {},
): Quantities {
  checkLength('mask', mask, volume);
  const frame = displayFrame(volume);
  const [column, row] = frame.axes;
  const pixelMm2 = norm(cross(axisStep(volume.affine, column), axisStep(volume.affine, row)));
  const slices = Array.from({ length: frame.slices }, (_, index) => {
    const voxels = countNonZero(takeSlice(mask, frame, index));
    return { voxels, ...(volume.calibrated ? { areaMm2: voxels * pixelMm2 } : {}) };
  });
  const voxels = slices.reduce((sum, slice) => sum + slice.voxels, 0);
  const voxelMl = Math.abs(determinant(volume.affine)) / 1000;
  const size = (count: number): RegionSize => ({
    voxels: count,
    ...(volume.calibrated ? { volumeMl: count * voxelMl } : {}),
  });
  return {
    ...size(voxels),
    shareOfImage: voxels / mask.length,
    slices,
    ...(lungs === undefined ? {} : { lungs: measureLungs(mask, lungs, volume, size) }),
    method: describeMethod(volume, voxelMl, lungs !== undefined),
  };
}

function measureLungs(
  mask: Uint8Array,
  lungs: Uint8Array,
  volume: Volume,
  size: (count: number) => RegionSize,
): NonNullable<Quantities['lungs']> {
  checkLength('lung mask', lungs, volume);
  const together = countNonZero(lungs.map((value, i) => value | (mask[i] ?? 0)));
  return { ...size(together), affectedShare: together === 0 ? 0 : countNonZero(mask) / together };
}

function describeMethod({ calibrated, source }: Volume, voxelMl: number, hasLungs: boolean): string {
  const base = calibrated
    ? `voxels of the mask times ${Number((voxelMl * 1000).toPrecision(6))} mm3 each (|det| of the affine)`
    : `pixels of the mask; ${source} gives no pixel size, so neither area nor volume is known`;
  return hasLungs ? `${base}; share of the lungs: mask / (lung mask or mask)` : base;
}

function countNonZero(values: Uint8Array): number {
  let count = 0;
  for (const value of values) if (value !== 0) count++;
  return count;
}

function checkLength(name: string, values: Uint8Array, { dims, source }: Volume): void {
  if (values.length !== dims[0] * dims[1] * dims[2]) {
    throw new ImageFormatError(
      'size-mismatch',
      `${source}: the ${name} has ${values.length} voxels, the volume ${dims.join(' x ')}`,
      'Give a mask on the grid of the volume.',
    );
  }
}
