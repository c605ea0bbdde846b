import { ImageFormatError } from '../errors.js';
import type { Volume } from '../volume.js';
import { codeItem, type CodedKind, SEGMENT_KINDS, type SegmentKind } from './codes.js';
import { dicomLab } from './colour.js';
import type { DicomDevice } from './derived-object.js';
import type { Dataset } from './elements.js';
import { createUid } from './uid.js';

/** A segment of a mask. */
export interface Segment {
  /** Label in the mask, 1..255. */
  readonly value: number;
  /** What it is: a name of {@link SEGMENT_KINDS} or coded terms of your own. */
  readonly kind: SegmentKind | CodedKind;
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

/**
 * Segments in coded terms, numbered in the order that they are given in.
 *
 * @throws {ImageFormatError} `size-mismatch`, `invalid-option` for labels that no segment names
 */
export function describeSegments(
  mask: Uint8Array,
  volume: Volume,
  given: readonly Segment[],
): WrittenSegment[] {
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

/** A segment as an item of the segment sequence (PS3.3 C.8.20.4). */
export function segmentItem(
  { number, kind, trackingIdentifier, trackingUid }: WrittenSegment,
  { model, version }: DicomDevice,
): Dataset {
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
