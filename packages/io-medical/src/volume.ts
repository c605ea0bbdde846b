import type { Affine } from './affine.js';

/** Arrays that voxels come in. */
export type VoxelArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** A grey image: `width * height` values, row by row, y down. 8-bit values lie in 0..255. */
export interface GreyImage<Data extends VoxelArray = Uint8Array | Float32Array> {
  readonly width: number;
  readonly height: number;
  readonly data: Data;
}

/** What a volume's voxels measure: Hounsfield units, or grey values without a physical scale. */
export type VoxelUnit = 'HU' | 'grey';

/** The file formats that are read. */
export type ImageFormat = 'nifti' | 'png' | 'jpeg';

/**
 * An image in three dimensions with its place in space. A 2-D image is a volume of one slice.
 *
 * Voxel (x, y, z) is `voxels[x + nx * (y + ny * z)]`. `affine` takes it to millimetres to the patient's right,
 * front and head (RAS+), as NIfTI does.
 */
export interface Volume {
  readonly voxels: VoxelArray;
  readonly dims: readonly [nx: number, ny: number, nz: number];
  readonly affine: Affine;
  /** Whether `affine` is in millimetres. False for PNG and JPEG, whose pixels have no known size. */
  readonly calibrated: boolean;
  readonly unit: VoxelUnit;
  readonly format: ImageFormat;
  /** Path the volume was read from, or `image` when it came as bytes. */
  readonly source: string;
  /** What a reader should know before trusting the result; empty when nothing was odd. */
  readonly warnings: readonly string[];
  /** The NIfTI-1 header as read (348 bytes), from which a mask takes its geometry. */
  readonly header?: Uint8Array;
}
