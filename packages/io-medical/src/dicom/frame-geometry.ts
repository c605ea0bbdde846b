import { cross, norm } from '../affine.js';
import type { Dataset } from './dataset.js';
import { TAG } from './tags.js';
import { addScaled, type Vector, vector } from './vectors.js';

/** Where a frame lies, in DICOM's millimetres to the patient's left, back and head (LPS). */
export interface FrameGeometry {
  /** Centre of the first pixel; missing where the file does not say. */
  readonly position: Vector | undefined;
  /** Unit vectors along a row (with growing column) and along a column; missing where the file does not say. */
  readonly axes: { readonly row: Vector; readonly column: Vector; readonly normal: Vector } | undefined;
  /** Millimetres from row to row and from column to column. */
  readonly spacing: readonly [rows: number, columns: number] | undefined;
  /** Whether `spacing` was measured at the detector, in front of which the patient looks larger. */
  readonly isDetectorSpacing: boolean;
  /** Millimetres from slice to slice as a header says, else the thickness of the slice. */
  readonly sliceSpacing: number | undefined;
}

/** Datasets in which an attribute of a frame may be, the nearest first. */
export type Sources = readonly Dataset[];

/** The item of a functional group, or the dataset itself in files of a single frame. */
export function groupOf(dataset: Dataset, sources: Sources, tag: number): Dataset {
  for (const source of sources) {
    const item = source.item(tag);
    if (item !== undefined) return item;
  }
  return dataset;
}

/** Geometry of one frame. */
export function frameGeometry(dataset: Dataset, sources: Sources, frame: number): FrameGeometry {
  const measures = groupOf(dataset, sources, TAG.pixelMeasuresSequence);
  const ownSpacing = positivePair(measures.decimals(TAG.pixelSpacing));
  const detector = positivePair(dataset.decimals(TAG.imagerPixelSpacing));
  const orientation = groupOf(dataset, sources, TAG.planeOrientationSequence);
  const position = groupOf(dataset, sources, TAG.planePositionSequence);
  const axes = readAxes(orientation.decimals(TAG.imageOrientationPatient));
  const offset = frame === 0 ? undefined : dataset.decimals(TAG.gridFrameOffsetVector)[frame];
  const place = vector(position.decimals(TAG.imagePositionPatient));
  return {
    position:
      offset === undefined || place === undefined || axes === undefined
        ? place
        : addScaled(place, axes.normal, offset),
    axes,
    spacing: ownSpacing ?? detector,
    isDetectorSpacing: ownSpacing === undefined && detector !== undefined,
    sliceSpacing:
      positive(measures.decimal(TAG.spacingBetweenSlices)) ?? positive(measures.decimal(TAG.sliceThickness)),
  };
}

function readAxes(numbers: readonly number[]): FrameGeometry['axes'] {
  const row = unit(vector(numbers));
  const column = unit(vector(numbers, 3));
  if (row === undefined || column === undefined) return undefined;
  const normal = unit(cross(row, column));
  return normal === undefined ? undefined : { row, column, normal };
}

/** A direction of length 1, or nothing where it is none or its length far from 1. */
function unit(direction: Vector | undefined): Vector | undefined {
  if (direction === undefined) return undefined;
  const length = norm(direction);
  if (!(Math.abs(length - 1) < 0.1)) return undefined;
  // Directions in files are rounded; a length within a millionth of 1 is left as it is written.
  if (Math.abs(length - 1) < 1e-6) return direction;
  return [direction[0] / length, direction[1] / length, direction[2] / length];
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function positivePair([first, second]: readonly number[]): readonly [number, number] | undefined {
  return first !== undefined && second !== undefined && first > 0 && second > 0 ? [first, second] : undefined;
}
