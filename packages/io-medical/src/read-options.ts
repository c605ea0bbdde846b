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
  readonly limits?: Partial<ReadLimits>;
  /** Name for messages where the image comes as bytes. Default `image`. */
  readonly name?: string;
  /** Where a browser finds `libjpegturbowasm_decode.wasm`, if the bundler does not see to it. */
  readonly jpegWasmUrl?: string;
}
