import type { ReadLimits } from './limits.js';
import type { ImageFormat, VoxelUnit } from './volume.js';

/** How an image is read; everything has a default. */
export interface ReadOptions {
  /** Refuse files that are not of this format. By default the content decides. */
  readonly format?: ImageFormat;
  /** What the voxels mean, where the values themselves would be judged wrongly. By default they are judged. */
  readonly unit?: VoxelUnit;
  /** Put in place of NaN and infinite voxels, with a warning. By default such a file is refused. */
  readonly replaceNonFinite?: number;
  /**
   * Which volume to read where a file holds several (time points, diffusion directions), counted from 0 in the file's
   * order. By default such a file is refused.
   */
  readonly frame?: number;
  /** Ends the reading: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Folder that a header's data files must lie in, links resolved. Default the folder of the header; a header may then
   * name files below it only. For paths only.
   */
  readonly root?: string;
  /**
   * Put in place of voxels that the scanner marked as outside its field of view (DICOM's padding value), with a warning.
   * By default they keep their value, which {@link Volume.padding} tells.
   */
  readonly replacePadding?: number;
  /** Which series of a DICOM folder: its number in {@link listSeries}, or its UID. By default the only one. */
  readonly series?: number | string;
  /**
   * Make a volume even of DICOM slices that lie unevenly, with their mean distance, or that share a place, of which the
   * first is kept; with a warning. By default such series are refused.
   */
  readonly allowUneven?: boolean;
  readonly limits?: Partial<ReadLimits>;
  /** Name for messages where the image comes as bytes. Default `image`. */
  readonly name?: string;
  /** Where a browser finds `libjpegturbowasm_decode.wasm`, if the bundler does not see to it. */
  readonly jpegWasmUrl?: string;
  /**
   * Addresses of the other decoders' files by their names, if the bundler does not see to them:
   * `charlswasm_decode.wasm` (JPEG-LS), `openjpegwasm_decode.wasm` (JPEG 2000), `openjphjs.wasm` (HTJ2K).
   */
  readonly wasmUrls?: Readonly<Record<string, string>>;
  /** Called while a DICOM series is read. */
  readonly onProgress?: (event: ReadProgress) => void;
}

/** How far the reading of a DICOM series is: headers of files first, then slices. */
export interface ReadProgress {
  readonly type: 'header' | 'slice';
  readonly done: number;
  readonly total: number;
}
