import type { Affine } from '../affine.js';
import { chooseFrame } from '../frames.js';
import { judgeVoxels } from '../judge-voxels.js';
import { lumaOfPixels } from '../luma.js';
import type { ReadOptions } from '../read-options.js';
import type { ImageFormat, Volume, VoxelArray } from '../volume.js';

/** A file's array of any number of axes, the first one fastest, and which of its axes lie in space. */
export interface ArrayFile {
  readonly format: ImageFormat;
  readonly source: string;
  readonly sizes: readonly number[];
  /** One to three axes, in the order of x, y, z. */
  readonly spatialAxes: readonly number[];
  /** An axis of three or four 8-bit colour samples. */
  readonly colourAxis?: number | undefined;
  /** Of the spatial axes. */
  readonly affine: Affine;
  readonly calibrated: boolean;
  readonly assumed: readonly string[];
  readonly warnings: readonly string[];
  readonly modality?: string | undefined;
}

/** Sizes of the spatial axes, 1 where there are fewer than three. */
function spatialDims({ sizes, spatialAxes }: Pick<ArrayFile, 'sizes' | 'spatialAxes'>): Volume['dims'] {
  const size = (i: number): number => sizes[spatialAxes[i] ?? -1] ?? 1;
  return [size(0), size(1), size(2)];
}

/** The volume that an array holds, or the one of several that `options.frame` names. Colour becomes luma. */
export function volumeOfArray(file: ArrayFile, values: VoxelArray, options: ReadOptions): Volume {
  const { source, sizes, spatialAxes, colourAxis, modality } = file;
  const dims = spatialDims(file);
  const frameAxes = sizes
    .map((_, axis) => axis)
    .filter((axis) => !spatialAxes.includes(axis) && axis !== colourAxis);
  const frames = frameAxes.reduce((product, axis) => product * (sizes[axis] ?? 1), 1);
  const frame = chooseFrame(source, frames, options.frame);
  const axes = colourAxis === undefined ? spatialAxes : [colourAxis, ...spatialAxes];
  const taken = takeAxes(values, sizes, axes, frameOffset(sizes, frameAxes, frame));
  const voxels = colourAxis === undefined ? taken : lumaOfPixels(taken, sizes[colourAxis] ?? 3);
  const judged = judgeVoxels(source, voxels, options);
  const colour = colourAxis === undefined ? [] : [`${source}: a colour volume; its luma is used`];
  return {
    voxels,
    dims,
    affine: file.affine,
    calibrated: file.calibrated,
    unit: judged.unit,
    format: file.format,
    source,
    assumed: file.assumed,
    warnings: [...file.warnings, ...colour, ...judged.warnings],
    ...(modality === undefined ? {} : { modality }),
  };
}

/** Where a frame starts: the frame's number written in the axes that are not in space, the first one fastest. */
function frameOffset(sizes: readonly number[], axes: readonly number[], frame: number): number {
  let offset = 0;
  let rest = frame;
  for (const axis of axes) {
    const size = sizes[axis] ?? 1;
    offset += (rest % size) * strideOf(sizes, axis);
    rest = Math.floor(rest / size);
  }
  return offset;
}

/** The values along up to four axes, the first one fastest; a view where they lie together already. */
function takeAxes(
  values: VoxelArray,
  sizes: readonly number[],
  axes: readonly number[],
  offset: number,
): VoxelArray {
  const [n0 = 1, n1 = 1, n2 = 1, n3 = 1] = axes.map((axis) => sizes[axis] ?? 1);
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = axes.map((axis) => strideOf(sizes, axis));
  const count = n0 * n1 * n2 * n3;
  const together = [1, n0, n0 * n1, n0 * n1 * n2];
  const isTogether = axes.every((axis, i) => sizes[axis] === 1 || strideOf(sizes, axis) === together[i]);
  if (isTogether) return values.subarray(offset, offset + count);
  const taken = new (values.constructor as new (length: number) => VoxelArray)(count);
  let to = 0;
  for (let d = 0; d < n3; d++) {
    for (let c = 0; c < n2; c++) {
      for (let b = 0; b < n1; b++) {
        let from = offset + d * s3 + c * s2 + b * s1;
        for (let a = 0; a < n0; a++, from += s0) taken[to++] = values[from] ?? 0;
      }
    }
  }
  return taken;
}

function strideOf(sizes: readonly number[], axis: number): number {
  return sizes.slice(0, axis).reduce((product, size) => product * size, 1);
}
