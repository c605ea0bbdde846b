import type { Affine } from '../../src/affine.js';
import type { Volume, VoxelArray } from '../../src/volume.js';

/** How a volume's axes are dealt anew: new axis `i` is old axis `axes[i]`, backwards where `flips[i]`. */
export interface Reorientation {
  readonly axes: readonly [number, number, number];
  readonly flips: readonly [boolean, boolean, boolean];
}

/** Voxels in another order of the axes. */
export function reorientVoxels<Data extends VoxelArray>(
  voxels: Data,
  dims: Volume['dims'],
  { axes, flips }: Reorientation,
): Data {
  const strides = [1, dims[0], dims[0] * dims[1]];
  const out = voxels.slice() as Data;
  const sides = axes.map((axis) => dims[axis]!);
  for (let c = 0, i = 0; c < sides[2]!; c++) {
    for (let b = 0; b < sides[1]!; b++) {
      for (let a = 0; a < sides[0]!; a++, i++) {
        const from = [a, b, c].reduce((sum, k, axis) => {
          const index = flips[axis] === true ? sides[axis]! - 1 - k : k;
          return sum + index * strides[axes[axis]!]!;
        }, 0);
        out[i] = voxels[from] ?? 0;
      }
    }
  }
  return out;
}

/** The same image in another order of the axes: every voxel stays where it is in the patient. */
export function reorient(volume: Volume, how: Reorientation): Volume {
  const { axes, flips } = how;
  const dims = axes.map((axis) => volume.dims[axis]!) as unknown as Volume['dims'];
  const affine = [0, 1, 2].flatMap((row) => {
    const steps = axes.map((axis, i) => volume.affine[4 * row + axis]! * (flips[i] === true ? -1 : 1));
    const shift = axes.reduce(
      (sum, axis, i) => sum + (flips[i] === true ? volume.affine[4 * row + axis]! * (dims[i]! - 1) : 0),
      volume.affine[4 * row + 3]!,
    );
    return [...steps, shift];
  });
  return {
    ...volume,
    dims,
    affine: [...affine, 0, 0, 0, 1],
    voxels: reorientVoxels(volume.voxels, volume.dims, how),
  };
}

/** The same image in a patient turned about the left-right axis. */
export function pitch(volume: Volume, degrees: number): Volume {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const a = volume.affine;
  const row = (r: number): number[] => [0, 1, 2, 3].map((column) => a[4 * r + column]!);
  const mix = (x: number, y: number): number[] => row(1).map((value, i) => x * value + y * row(2)[i]!);
  const affine: Affine = [...row(0), ...mix(c, -s), ...mix(s, c), 0, 0, 0, 1];
  return { ...volume, affine };
}
