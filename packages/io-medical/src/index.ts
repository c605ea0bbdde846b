/**
 * Medical images in and out with their place in space, and what a network needs of them.
 *
 * @module
 * @mergeModuleWith <project>
 */
export { type Affine, determinant } from './affine.js';
export { cannyEdge, type CannyOptions } from './canny-edge.js';
export { checkQuantities } from './checks/check-quantities.js';
export { checkVolume } from './checks/check-volume.js';
export type { ImageCheck, ImageCheckCode } from './checks/image-check.js';
export { lungSlices, type LungSlice, type LungSliceOptions, type SliceCrop } from './dataset/lung-slices.js';
export { type DatasetPart, type SplitOptions, splitVolumes } from './dataset/split-volumes.js';
export type { SkippedFile } from './dicom/find-series.js';
export {
  listSeries,
  readAllSeries,
  readSeries,
  type SeriesInfo,
  type SeriesListing,
} from './dicom/read-series.js';
export type { SeriesFileInput, SeriesInput } from './dicom/series-files.js';
export { type DisplayFrame, displayFrame, putSlice, takeSlice } from './display-frame.js';
export { ImageFormatError, type ImageErrorCode } from './errors.js';
export { gradientEdge } from './gradient-edge.js';
export { alignMask } from './lung/align-mask.js';
export { type ExternalLungs, externalLungs } from './lung/external-lungs.js';
export { findLungs, type FoundLungs } from './lung/find-lungs.js';
export { LEFT_LUNG, type LungSide, RIGHT_LUNG } from './lung/labels.js';
export { lungMask, type LungMask, type LungMaskOptions } from './lung/lung-mask.js';
export {
  type Components,
  connectedComponents,
  type ComponentOptions,
  type Connectivity,
} from './morphology/connected-components.js';
export { closing, dilate, erode, opening, type StructuringElement } from './morphology/dilate-erode.js';
export { distanceTransform } from './morphology/distance-transform.js';
export { fillHoles, type FillHolesOptions } from './morphology/fill-holes.js';
export type { VoxelBox, VoxelGrid } from './morphology/voxel-grid.js';
export { DEFAULT_LIMITS, type ReadLimits } from './limits.js';
export type { Geometry } from './geometry.js';
export { encodeMetaImage } from './metaimage/encode-metaimage.js';
export { encodeNifti } from './nifti/encode-nifti.js';
export { encodeNrrd } from './nrrd/encode-nrrd.js';
export { minMaxNormalise, toByteMap } from './output-map.js';
export { createPhantom, type Phantom, type PhantomOptions } from './phantom/create-phantom.js';
export { type Colour, encodePng, type PngImage, writePng } from './png/encode-png.js';
export { labelColour } from './png/label-colours.js';
export {
  compareQuantities,
  type QuantityChange,
  type QuantityComparison,
} from './quantify/compare-quantities.js';
export type { Lesion, LesionQuantities } from './quantify/lesions.js';
export { type Lobe, LOBE_NAMES, type LobeQuantities } from './quantify/lobes.js';
export type { LungQuantities, LungZone, ZoneLevel } from './quantify/lungs.js';
export { quantify, type Quantities, type QuantifyOptions, type SidedLungs } from './quantify/quantify.js';
export { type AffectedRegion, involvementScore, type RegionSize } from './quantify/region.js';
export { TISSUE_THRESHOLDS, type TissueQuantities, type TissueThresholds } from './quantify/tissue.js';
export { readGreyImage, readImage, readLabelImage } from './read-image.js';
export type { ReadOptions, ReadProgress } from './read-options.js';
export { type NearestConvention, resizeBilinear, resizeNearest } from './resize.js';
export { levelOf, maskOfLevels } from './segment/levels.js';
export {
  type GatedMap,
  type SegmentedVolume,
  segmentVolume,
  type SegmentVolumeOptions,
  type SliceListener,
  type SlicePredictor,
} from './segment/segment-volume.js';
export {
  greyWindow,
  maskToGrid,
  type ProbabilityMap,
  restoreSlice,
  restoreToGrid,
  type Slice,
  type SliceOptions,
  toSlices,
} from './slices.js';
export type { ImageInput, NamedBytes, NamedFile } from './source/input.js';
export type {
  DicomOrigin,
  GreyImage,
  ImageFormat,
  LossyCompression,
  Volume,
  VoxelArray,
  VoxelUnit,
} from './volume.js';
export { CT_WINDOWS, type Window, type WindowName, windowToUint8 } from './window.js';
export {
  encodeLabels,
  encodeMask,
  encodeProbability,
  encodeVolume,
  type OutputFormat,
  type WriteOptions,
} from './encode-volume.js';
export { writeLabels, writeMask, writeProbability, writeVolume } from './write-volume.js';
export type { Measurement, VolumeAbout, WorkerInput } from './worker/messages.js';
export { openInWorker, WorkerVolume, type WorkerSegmentOptions } from './worker/open-in-worker.js';
export { readImageInWorker, type WorkerReadOptions } from './worker/read-image-in-worker.js';
