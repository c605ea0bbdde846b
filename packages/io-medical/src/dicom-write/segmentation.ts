import { axisStep, norm, turnLpsRas } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import type { DicomOrigin, Volume } from '../volume.js';
import { codeItem, CONCEPT, type CodedKind, SEGMENT_KINDS, type SegmentKind } from './codes.js';
import { dicomLab } from './colour.js';
import {
  type DerivedObject,
  type DerivedObjectOptions,
  equipment,
  resolveDevice,
  seriesAndContent,
} from './derived-object.js';
import { type Dataset, encodeDicomFile } from './elements.js';
import {
  instanceReference,
  instancesOf,
  originOf,
  originValue,
  patientAndStudy,
  seriesReference,
} from './origin.js';
import { slicePlace } from './slice-place.js';
import { createUid } from './uid.js';

/** A segment of a mask. */
export interface Segment {
  /** Label in the mask, 1..255. */
  readonly value: number;
  /** What it is: a name of {@link SEGMENT_KINDS} or coded terms of your own. */
  readonly kind: SegmentKind | CodedKind;
}

/** Options of {@link encodeSegmentation}. */
export interface SegmentationOptions extends DerivedObjectOptions {
  /** What the labels of the mask are. Default 1: `infection`. */
  readonly segments?: readonly Segment[];
}

/** A segment as it was written: what a report refers to. */
export interface WrittenSegment {
  /** From 1 on. */
  readonly number: number;
  readonly value: number;
  readonly kind: CodedKind;
  readonly trackingIdentifier: string;
  readonly trackingUid: string;
}

/** A segmentation as a file, with its segments. */
export interface SegmentationObject extends DerivedObject {
  readonly segments: readonly WrittenSegment[];
}

const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
const REFERENCED_SEGMENT = 0x0062_000b;
const POSITION = 0x0020_0032;

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
  const dataset: Dataset = [
    ...patientAndStudy(origin, options.deidentify ?? false),
    ...seriesAndContent('SEG', seriesInstanceUid, { seriesNumber: 300, ...options }),
    ...equipment(resolveDevice(options)),
    ...frameOfReference(origin),
    ...imageModule(volume, frames.length),
    ...lossyCompression(origin),
    [0x0008_1115, 'SQ', [seriesReference(origin, 0x0008_114a)]],
    [0x0062_0002, 'SQ', segments.map((segment) => segmentItem(segment, options))],
    ...dimensions(),
    [0x5200_9229, 'SQ', [sharedGroups(volume)]],
    [0x5200_9230, 'SQ', frames.map((frame) => frameGroups(frame, volume, origin))],
    [0x7fe0_0010, 'OB', packBits(mask, volume, frames)],
  ];
  return { bytes: encodeDicomFile(dataset, identity), ...identity, seriesInstanceUid, segments };
}

/** One frame: the voxels of one segment in one slice. */
interface Frame {
  readonly segment: WrittenSegment;
  readonly slice: number;
}

function describeSegments(mask: Uint8Array, volume: Volume, given: readonly Segment[]): WrittenSegment[] {
  const [nx, ny, nz] = volume.dims;
  if (mask.length !== nx * ny * nz) {
    throw new ImageFormatError(
      'size-mismatch',
      `${volume.source}: the mask has ${mask.length} voxels, the volume ${volume.dims.join(' x ')}`,
      'Give a mask on the grid of the volume.',
    );
  }
  const values = given.map(({ value }) => value);
  const isUsable = values.every((value) => Number.isInteger(value) && value >= 1 && value <= 255);
  if (values.length === 0 || !isUsable || new Set(values).size !== values.length) {
    throw new ImageFormatError(
      'invalid-option',
      'segments need values from 1 to 255, each its own',
      'Give at least one segment, such as { value: 1, kind: "infection" }.',
    );
  }
  const unnamed = mask.find((value) => value !== 0 && !values.includes(value));
  if (unnamed !== undefined) {
    throw new ImageFormatError(
      'invalid-option',
      `${volume.source}: the mask holds the label ${unnamed}, which no segment names`,
      'Name every label of the mask in the option segments.',
    );
  }
  return given.map(({ value, kind }, i) => {
    const coded = typeof kind === 'string' ? SEGMENT_KINDS[kind] : kind;
    return {
      number: i + 1,
      value,
      kind: coded,
      trackingIdentifier: `${coded.label} ${i + 1}`,
      trackingUid: createUid(),
    };
  });
}

/** Frames by segment, then slice; every segment has at least one. */
function chooseFrames(
  mask: Uint8Array,
  { dims: [nx, ny, nz] }: Volume,
  segments: readonly WrittenSegment[],
): Frame[] {
  const size = nx * ny;
  return segments.flatMap((segment) => {
    const filled = Array.from({ length: nz }, (_, slice) => slice).filter((slice) =>
      mask.subarray(slice * size, (slice + 1) * size).includes(segment.value),
    );
    return (filled.length === 0 ? [0] : filled).map((slice) => ({ segment, slice }));
  });
}

/** Bits of all frames one after the other, the lowest bit of a byte first; frames do not begin at a byte. */
function packBits(mask: Uint8Array, { dims: [nx, ny] }: Volume, frames: readonly Frame[]): Uint8Array {
  const size = nx * ny;
  const bytes = new Uint8Array(Math.ceil((size * frames.length) / 8));
  let bit = 0;
  for (const { segment, slice } of frames) {
    for (let i = slice * size; i < (slice + 1) * size; i++, bit++) {
      if (mask[i] === segment.value) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  return bytes;
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

function segmentItem(
  { number, kind, trackingIdentifier, trackingUid }: WrittenSegment,
  options: SegmentationOptions,
): Dataset {
  const { model, version } = resolveDevice(options);
  return [
    [0x0062_0003, 'SQ', [codeItem(kind.category)]],
    [0x0062_0004, 'US', number],
    [0x0062_0005, 'LO', kind.label],
    [0x0062_0008, 'CS', 'AUTOMATIC'],
    [0x0062_0009, 'LO', `${model} ${version}`.slice(0, 64)],
    [0x0062_000d, 'US', dicomLab(kind.colour)],
    [0x0062_000f, 'SQ', [codeItem(kind.type)]],
    [0x0062_0020, 'UT', trackingIdentifier],
    [0x0062_0021, 'UI', trackingUid],
    ...(kind.site === undefined ? [] : ([[0x0008_2218, 'SQ', [codeItem(kind.site)]]] as const)),
  ];
}

/** Frames are told apart by their segment, then by their position. */
function dimensions(): Dataset {
  const uid = createUid();
  const index = (pointer: number, group: number, label: string): Dataset => [
    [0x0020_9164, 'UI', uid],
    [0x0020_9165, 'AT', pointer],
    [0x0020_9167, 'AT', group],
    [0x0020_9421, 'LO', label],
  ];
  return [
    [0x0020_9221, 'SQ', [[[0x0020_9164, 'UI', uid]]]],
    [
      0x0020_9222,
      'SQ',
      [
        index(REFERENCED_SEGMENT, 0x0062_000a, 'Segment Number'),
        index(POSITION, 0x0020_9113, 'Image Position'),
      ],
    ],
  ];
}

/** What all frames share: directions and size of the pixels. */
function sharedGroups({ affine }: Volume): Dataset {
  const lps = turnLpsRas(affine);
  const [column, row, slice] = [0, 1, 2].map((axis) => axisStep(lps, axis)) as [Step, Step, Step];
  const direction = (step: Step): number[] => step.map((value) => value / norm(step));
  const spacing = Math.abs(dot(slice, cross(direction(column), direction(row))));
  return [
    [0x0020_9116, 'SQ', [[[0x0020_0037, 'DS', [...direction(column), ...direction(row)]]]]],
    [
      0x0028_9110,
      'SQ',
      [
        [
          [0x0018_0050, 'DS', [spacing]],
          [0x0018_0088, 'DS', [spacing]],
          [0x0028_0030, 'DS', [norm(row), norm(column)]],
        ],
      ],
    ],
  ];
}

type Step = [number, number, number];

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function cross([a = 0, b = 0, c = 0]: readonly number[], [x = 0, y = 0, z = 0]: readonly number[]): number[] {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function frameGroups({ segment, slice }: Frame, volume: Volume, origin: DicomOrigin): Dataset {
  const source = origin.slices[slice];
  const isMultiFrame = instancesOf(origin).length < origin.slices.length;
  const reference: Dataset = [
    ...(source === undefined ? [] : instanceReference(source)),
    ...(isMultiFrame ? ([[0x0008_1160, 'IS', String(source?.frame ?? 1)]] as const) : []),
    [0x0028_135a, 'CS', 'YES'],
    [0x0040_a170, 'SQ', [codeItem(CONCEPT.sourceImage)]],
  ];
  return [
    [
      0x0008_9124,
      'SQ',
      [
        [
          [0x0008_2112, 'SQ', [reference]],
          [0x0008_9215, 'SQ', [codeItem(CONCEPT.segmentation)]],
        ],
      ],
    ],
    [0x0020_9111, 'SQ', [[[0x0020_9157, 'UL', [segment.number, slice + 1]]]]],
    [0x0020_9113, 'SQ', [[[POSITION, 'DS', slicePlace(volume, slice)]]]],
    [0x0062_000a, 'SQ', [[[REFERENCED_SEGMENT, 'US', segment.number]]]],
  ];
}
