export { type Affine, determinant } from './affine.js';
export { cannyEdge, type CannyOptions } from './canny-edge.js';
export { ImageFormatError, type ImageErrorCode } from './errors.js';
export { gradientEdge } from './gradient-edge.js';
export { DEFAULT_LIMITS, type ReadLimits } from './limits.js';
export { encodePng, type PngImage, writePng } from './png-write.js';
export { readGreyImage, readImage, readLabelImage, type ReadOptions } from './read-image.js';
export { type NearestConvention, resizeBilinear, resizeNearest } from './resize.js';
export type { GreyImage, ImageFormat, Volume, VoxelArray, VoxelUnit } from './volume.js';
