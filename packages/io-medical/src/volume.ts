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

/** The file formats that volumes come from. */
export type ImageFormat = 'dicom' | 'nifti' | 'nrrd' | 'metaimage' | 'png' | 'jpeg' | 'tiff';

/** How an image was compressed with loss, in DICOM's terms; several steps are separated by backslashes, unknown is empty. */
export interface LossyCompression {
  /** Sizes before over after, such as `'8.87'` (0028,2112). */
  readonly ratio: string;
  /** Such as `'ISO_10918_1'` for JPEG (0028,2114). */
  readonly method: string;
}

/**
 * The DICOM objects that a volume was made from: what a segmentation or a report needs to refer to them.
 *
 * It names a patient, so it belongs into DICOM files only, never into messages, logs or reports.
 */
export interface DicomOrigin {
  /** The object and, from 1 on, the frame that each slice was made from, in the order of z. */
  readonly slices: readonly {
    readonly sopClassUid: string;
    readonly sopInstanceUid: string;
    readonly frame: number;
  }[];
  /**
   * Elements of the patient, study, series and frame of reference as the first object has them, text decoded, by
   * eight hexadecimal digits: `'0020000D'` is the Study Instance UID. Several values are separated by backslashes.
   */
  readonly elements: ReadonlyMap<string, { readonly vr: string; readonly value: string }>;
  /** How one of them, at least, was compressed with loss; only where one was. */
  readonly lossyCompression?: LossyCompression;
}

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
  /** Whether `affine` is in millimetres. False where pixels have no known size, as in PNG and JPEG. */
  readonly calibrated: boolean;
  readonly unit: VoxelUnit;
  readonly format: ImageFormat;
  /** Path the volume was read from, or `image` when it came as bytes. */
  readonly source: string;
  /** What the file leaves open and the reader filled in, such as a spacing; empty when the file says it all. */
  readonly assumed: readonly string[];
  /** What a reader should know before trusting the result; empty when nothing was odd. */
  readonly warnings: readonly string[];
  /** Kind of examination as DICOM codes it: `CT`, `MR`, ... Only where the file says so. */
  readonly modality?: string;
  /** Value of the voxels that the scanner did not measure, outside its round field of view; only where there are some. */
  readonly padding?: number;
  /**
   * Where slices lie unevenly: the place of each along the slice normal, in millimetres from the first. The affine
   * then has the mean distance, so that first and last slice are right and those between are not.
   */
  readonly slicePositions?: readonly number[];
  /** Only for volumes from DICOM. */
  readonly dicom?: DicomOrigin;
  /** The NIfTI header as read (348 or 540 bytes), from which a mask takes its geometry. */
  readonly header?: Uint8Array;
}
