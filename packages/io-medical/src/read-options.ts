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
  readonly limits?: Partial<ReadLimits>;
  /** Name for messages where the image comes as bytes. Default `image`. */
  readonly name?: string;
  /** Where a browser finds `libjpegturbowasm_decode.wasm`, if the bundler does not see to it. */
  readonly jpegWasmUrl?: string;
}
