import { axisStep, norm } from './affine.js';
import type { Volume, VoxelArray } from './volume.js';

/**
 * How a volume's voxels are looked at: axial slices from the feet up, rows from front to back, columns from the
 * patient's right to the left (the patient's right is on the viewer's left, as radiologists read).
 *
 * Voxel index of (column, row, slice) = `offset + column * columnStride + row * rowStride + slice * sliceStride`.
 * Strides may be negative. Every voxel is met exactly once, so that the way back is exact.
 */
export interface DisplayFrame {
  readonly width: number;
  readonly height: number;
  readonly slices: number;
  readonly offset: number;
  readonly columnStride: number;
  readonly rowStride: number;
  readonly sliceStride: number;
  /** The volume's axes (0, 1, 2) along columns, rows and slices. */
  readonly axes: readonly [column: number, row: number, slice: number];
}

/** RAS direction in which columns, rows and slices go on: left, back, up. */
const DIRECTIONS = [
  { axis: 0, sign: -1 },
  { axis: 1, sign: -1 },
  { axis: 2, sign: 1 },
] as const;

const PERMUTATIONS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** The frame of a volume: for each anatomical direction the voxel axis nearest to it, flipped where it runs backwards. */
export function displayFrame({ dims, affine }: Pick<Volume, 'dims' | 'affine'>): DisplayFrame {
  const steps = [0, 1, 2].map((axis) => axisStep(affine, axis));
  const cosine = (voxelAxis: number, patientAxis: number): number => {
    const step = steps[voxelAxis] ?? [0, 0, 0];
    return (step[patientAxis] ?? 0) / norm(step);
  };
  const fit = (axes: readonly number[]): number =>
    axes.reduce((sum, voxelAxis, patientAxis) => sum + Math.abs(cosine(voxelAxis, patientAxis)), 0);
  const axes = PERMUTATIONS.reduce<readonly [number, number, number]>(
    (best, axesToTry) => (fit(axesToTry) > fit(best) + 1e-9 ? axesToTry : best),
    PERMUTATIONS[0],
  );
  const strides = [1, dims[0], dims[0] * dims[1]];
  let offset = 0;
  const walk = DIRECTIONS.map(({ axis, sign }) => {
    const voxelAxis = axes[axis];
    const size = dims[voxelAxis as 0 | 1 | 2];
    const stride = strides[voxelAxis] ?? 1;
    const isForward = cosine(voxelAxis, axis) * sign >= 0;
    if (!isForward) offset += (size - 1) * stride;
    return { size, stride: isForward ? stride : -stride };
  });
  const [column, row, slice] = walk as [(typeof walk)[0], (typeof walk)[0], (typeof walk)[0]];
  return {
    width: column.size,
    height: row.size,
    slices: slice.size,
    offset,
    columnStride: column.stride,
    rowStride: row.stride,
    sliceStride: slice.stride,
    axes,
  };
}

/** Where voxels lie in display order, by their index in the volume's own order. */
export interface DisplayPlaces {
  readonly column: (index: number) => number;
  readonly slice: (index: number) => number;
  /** What the next voxel along the volume's first axis adds: -1, 0 or 1. */
  readonly columnStep: number;
  readonly sliceStep: number;
}

/** The places of a frame. */
export function displayPlaces(
  { axes, columnStride, sliceStride }: DisplayFrame,
  dims: Volume['dims'],
): DisplayPlaces {
  const [nx, ny] = dims;
  const along = [
    (index: number): number => index % nx,
    (index: number): number => Math.floor(index / nx) % ny,
    (index: number): number => Math.floor(index / (nx * ny)),
  ] as const;
  const place = (axis: number, stride: number): ((index: number) => number) => {
    const own = along[axis as 0 | 1 | 2];
    const last = (dims[axis as 0 | 1 | 2] ?? 1) - 1;
    return stride > 0 ? own : (index) => last - own(index);
  };
  const step = (axis: number, stride: number): number => (axis === 0 ? Math.sign(stride) : 0);
  return {
    column: place(axes[0], columnStride),
    slice: place(axes[2], sliceStride),
    columnStep: step(axes[0], columnStride),
    sliceStep: step(axes[2], sliceStride),
  };
}

/** Copies one slice out of a volume's voxels, in display order; of the same array type. */
export function takeSlice<Data extends VoxelArray>(voxels: Data, frame: DisplayFrame, slice: number): Data {
  const { width, height } = frame;
  const Constructor = voxels.constructor as new (length: number) => Data;
  const out = new Constructor(width * height);
  for (let row = 0, i = 0; row < height; row++) {
    let from = frame.offset + row * frame.rowStride + slice * frame.sliceStride;
    for (let column = 0; column < width; column++, i++, from += frame.columnStride) {
      out[i] = voxels[from] ?? 0;
    }
  }
  return out;
}

/** Copies a slice in display order back to its place in the volume's voxels: the inverse of {@link takeSlice}. */
export function putSlice(
  voxels: VoxelArray,
  frame: DisplayFrame,
  slice: number,
  image: ArrayLike<number>,
): void {
  const { width, height } = frame;
  for (let row = 0, i = 0; row < height; row++) {
    let to = frame.offset + row * frame.rowStride + slice * frame.sliceStride;
    for (let column = 0; column < width; column++, i++, to += frame.columnStride) {
      voxels[to] = image[i] ?? 0;
    }
  }
}
