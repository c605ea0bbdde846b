/**
 * Masks as DICOM Segmentations and measurements as DICOM structured reports, in the study of the images that they were
 * made from. Nothing beyond this package is needed; it runs in browsers too.
 *
 * @module
 */
export { type CodedConcept, type CodedKind, SEGMENT_KINDS, type SegmentKind } from './codes.js';
export {
  type DerivedObject,
  type DerivedObjectOptions,
  type DicomDevice,
  writeDerivedObject,
} from './derived-object.js';
export { encodeMeasurementReport, type SegmentMeasurements } from './measurement-report.js';
export { checkDicomOrigin, type OriginAttribute, STRIPPED_ATTRIBUTES } from './origin.js';
export { encodeSegmentation, type SegmentationObject, type SegmentationOptions } from './segmentation.js';
export type { Segment, WrittenSegment } from './segments.js';
