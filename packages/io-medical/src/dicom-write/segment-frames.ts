import { axisStep, cross, norm, turnLpsRas } from '../affine.js';
import { dot, type Vector } from '../dicom/vectors.js';
import type { DicomOrigin, Volume } from '../volume.js';
import { codeItem, CONCEPT } from './codes.js';
import type { Dataset } from './elements.js';
import { instanceReference, instancesOf } from './origin.js';
import type { WrittenSegment } from './segments.js';
import { slicePlace } from './slice-place.js';
import { createUid } from './uid.js';

const REFERENCED_SEGMENT = 0x0062_000b;
const POSITION = 0x0020_0032;

/** One frame: the voxels of one segment in one slice. */
export interface SegmentFrame {
  readonly segment: WrittenSegment;
  readonly slice: number;
}

/** Frames by segment, then slice; every segment has at least one. */
export function chooseFrames(
  mask: Uint8Array,
  { dims: [nx, ny, nz] }: Volume,
  segments: readonly WrittenSegment[],
): SegmentFrame[] {
  const size = nx * ny;
  return segments.flatMap((segment) => {
    const filled = Array.from({ length: nz }, (_, slice) => slice).filter((slice) =>
      mask.subarray(slice * size, (slice + 1) * size).includes(segment.value),
    );
    return (filled.length === 0 ? [0] : filled).map((slice) => ({ segment, slice }));
  });
}

/** Bits of all frames one after the other, the lowest bit of a byte first; frames do not begin at a byte. */
export function packBits(
  mask: Uint8Array,
  { dims: [nx, ny] }: Volume,
  frames: readonly SegmentFrame[],
): Uint8Array {
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

/** Frames are told apart by their segment, then by their position. */
export function dimensions(): Dataset {
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
export function sharedGroups({ affine }: Volume): Dataset {
  const lps = turnLpsRas(affine);
  const [column, row, slice] = [axisStep(lps, 0), axisStep(lps, 1), axisStep(lps, 2)] as const;
  const direction = (step: Vector): Vector => {
    const [x, y, z] = step;
    return [x / norm(step), y / norm(step), z / norm(step)];
  };
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

/** What a frame says of itself: the image that it is of, its place and its segment. */
export function frameGroups({ segment, slice }: SegmentFrame, volume: Volume, origin: DicomOrigin): Dataset {
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
