import type { DicomOrigin, Volume } from '../volume.js';
import {
  type DerivedObject,
  type DerivedObjectOptions,
  equipment,
  resolveDevice,
  seriesAndContent,
} from './derived-object.js';
import { type Dataset, encodeDicomFile } from './elements.js';
import { originOf, originValue, patientAndStudy, seriesReference } from './origin.js';
import { chooseFrames, dimensions, frameGroups, packBits, sharedGroups } from './segment-frames.js';
import { describeSegments, type Segment, segmentItem, type WrittenSegment } from './segments.js';
import { createUid } from './uid.js';

/** Options of {@link encodeSegmentation}. */
export interface SegmentationOptions extends DerivedObjectOptions {
  /** What the labels of the mask are. Default 1: `infection`. */
  readonly segments?: readonly Segment[];
}

/** A segmentation as a file, with its segments. */
export interface SegmentationObject extends DerivedObject {
  readonly segments: readonly WrittenSegment[];
}

const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

/**
 * A mask as a DICOM Segmentation (binary, one bit a voxel). Every frame says itself where it lies, by the position of the
 * image it was made from, and refers to that image: no order of frames has to be guessed. Slices without a voxel of a
 * segment get no frame; a segment without any voxel keeps one empty frame, so that it is there.
 *
 * The object repeats of patient and study what the standard asks of it; see {@link DerivedObjectOptions.deidentify}.
 *
 * @param mask one byte per voxel in the volume's order; 0 is background
 * @param volume as read from DICOM
 * @throws {ImageFormatError} `unsupported` for volumes from elsewhere, `size-mismatch`, `invalid-option` for labels that no
 *   segment names
 */
export function encodeSegmentation(
  mask: Uint8Array,
  volume: Volume,
  options: SegmentationOptions = {},
): SegmentationObject {
  const origin = originOf(volume);
  const segments = describeSegments(mask, volume, options.segments ?? [{ value: 1, kind: 'infection' }]);
  const frames = chooseFrames(mask, volume, segments);
  const identity = { sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid: createUid() };
  const seriesInstanceUid = createUid();
  const device = resolveDevice(options);
  const dataset: Dataset = [
    ...patientAndStudy(origin, options.deidentify ?? false),
    ...seriesAndContent('SEG', seriesInstanceUid, { seriesNumber: 300, ...options }),
    ...equipment(device),
    ...frameOfReference(origin),
    ...imageModule(volume, frames.length),
    ...lossyCompression(origin),
    [0x0008_1115, 'SQ', [seriesReference(origin, 0x0008_114a)]],
    [0x0062_0002, 'SQ', segments.map((segment) => segmentItem(segment, device))],
    ...dimensions(),
    [0x5200_9229, 'SQ', [sharedGroups(volume)]],
    [0x5200_9230, 'SQ', frames.map((frame) => frameGroups(frame, volume, origin))],
    [0x7fe0_0010, 'OB', packBits(mask, volume, frames)],
  ];
  return { bytes: encodeDicomFile(dataset, identity), ...identity, seriesInstanceUid, segments };
}

function frameOfReference(origin: DicomOrigin): Dataset {
  const uid = originValue(origin, '00200052');
  return [
    [0x0020_0052, 'UI', uid === '' ? createUid() : uid],
    [0x0020_1040, 'LO', originValue(origin, '00201040')],
  ];
}

function imageModule({ dims: [columns, rows] }: Volume, frames: number): Dataset {
  return [
    [0x0008_0008, 'CS', 'DERIVED\\PRIMARY'],
    [0x0028_0002, 'US', 1],
    [0x0028_0004, 'CS', 'MONOCHROME2'],
    [0x0028_0008, 'IS', String(frames)],
    [0x0028_0010, 'US', rows],
    [0x0028_0011, 'US', columns],
    [0x0028_0100, 'US', 1],
    [0x0028_0101, 'US', 1],
    [0x0028_0102, 'US', 0],
    [0x0028_0103, 'US', 0],
    [0x0062_0001, 'CS', 'BINARY'],
    [0x0070_0080, 'CS', 'SEGMENTATION'],
    [0x0070_0081, 'LO', 'Segmentation by a program'],
    [0x0070_0084, 'PN', ''],
  ];
}

/** A mask of images that have lost is one of them too (PS3.3 C.8.20.2.2), and says as much about it as they do. */
function lossyCompression({ lossyCompression: lossy }: DicomOrigin): Dataset {
  if (lossy === undefined) return [[0x0028_2110, 'CS', '00']];
  const { ratio, method } = lossy;
  return [
    [0x0028_2110, 'CS', '01'],
    ...(ratio === '' ? [] : ([[0x0028_2112, 'DS', ratio]] as const)),
    ...(method === '' ? [] : ([[0x0028_2114, 'CS', method]] as const)),
  ];
}
