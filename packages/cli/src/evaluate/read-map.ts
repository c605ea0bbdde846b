import { displayFrame, readImage, readLabelImage, takeSlice, type Volume } from '@infnet/io-medical';
import type { Spacing } from '@infnet/metrics/volumes';
import { CliError } from '../errors.js';

/** A map or a mask in the arrays that the metrics take: [depth, height, width], slices as a radiologist looks at them. */
export interface ReadMap {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** 1 for PNG and JPEG. */
  readonly depth: number;
  readonly data: Uint8Array | Uint16Array | Float32Array | Float64Array;
  /** Millimetres between voxel centres; undefined where pixels have no known size. */
  readonly spacing: Spacing | undefined;
  /** Where the first and the last voxel lie in the patient, in mm. */
  readonly corners: readonly (readonly number[])[];
}

/**
 * Reads a map or a mask at full depth. Integers of a volume that are all 0 or 1 are a mask, other ones 8- or 16-bit maps.
 *
 * @throws ImageFormatError for files that cannot be read; CliError `values-not-understood` for negative integers
 */
export async function readMap(path: string): Promise<ReadMap> {
  const volume = await readImage(path);
  const ordered = inDisplayOrder(volume, path);
  return { ...ordered, data: volume.calibrated ? soft(ordered.data, path) : plain(ordered.data, path) };
}

/**
 * Reads a map of labels: palette or 8-bit PNG, or a volume of whole numbers 0..255.
 *
 * @throws ImageFormatError for files that cannot be read; CliError `values-not-understood`
 */
export async function readLabels(path: string): Promise<ReadMap & { readonly data: Uint8Array }> {
  const volume = await readImage(path);
  const ordered = inDisplayOrder(volume, path);
  if (volume.format === 'png') {
    const { width, height, data } = await readLabelImage(path);
    return { ...ordered, width, height, data };
  }
  const data = Uint8Array.from(ordered.data);
  if (ordered.data.some((value, i) => value !== data[i])) {
    throw notUnderstood(path, 'labels that are no whole numbers from 0 to 255');
  }
  return { ...ordered, data };
}

/**
 * Throws unless both have the same size and, where both are known to lie in a patient, the same place.
 *
 * @throws CliError `size-mismatch`, `geometry-mismatch`
 */
export function checkSameGrid(prediction: ReadMap, truth: ReadMap): void {
  const size = ({ width, height, depth }: ReadMap): string =>
    depth === 1 ? `${width} x ${height}` : `${width} x ${height} x ${depth}`;
  if (size(prediction) !== size(truth)) {
    throw new CliError(
      'size-mismatch',
      `${prediction.path} is ${size(prediction)}, but ${truth.path} is ${size(truth)}`,
      'predictions need the size of their image: resize the probability map, never the mask (`infnet segment` does)',
    );
  }
  if (!prediction.spacing || !truth.spacing) return;
  const apart = prediction.corners.map((corner, i) =>
    Math.hypot(...corner.map((value, axis) => value - truth.corners[i]![axis]!)),
  );
  if (Math.max(...apart) > 0.5 * Math.min(...truth.spacing)) {
    throw new CliError(
      'geometry-mismatch',
      `${prediction.path} lies up to ${Math.max(...apart).toFixed(1)} mm away from ${truth.path}`,
      "bring the prediction to the ground truth's own grid; equal numbers of voxels are not enough",
    );
  }
}

/** Voxels slice by slice from the feet up, whatever the order of the file. */
function inDisplayOrder(volume: Volume, path: string): Omit<ReadMap, 'data'> & { data: Volume['voxels'] } {
  const frame = displayFrame(volume);
  const { width, height, slices: depth } = frame;
  const area = width * height;
  const data = volume.voxels.slice();
  for (let z = 0; z < depth; z++) data.set(takeSlice(volume.voxels, frame, z), z * area);
  const last =
    frame.offset +
    (width - 1) * frame.columnStride +
    (height - 1) * frame.rowStride +
    (depth - 1) * frame.sliceStride;
  const steps = frame.axes.map((axis) => Math.hypot(...[0, 4, 8].map((row) => volume.affine[row + axis]!)));
  return {
    path,
    width,
    height,
    depth,
    data,
    spacing: volume.calibrated ? [steps[0]!, steps[1]!, steps[2]!] : undefined,
    corners: [frame.offset, last].map((index) => placeOf(volume, index)),
  };
}

/** Millimetres of a voxel. */
function placeOf({ dims, affine }: Volume, index: number): number[] {
  const voxel = [
    index % dims[0],
    Math.floor(index / dims[0]) % dims[1],
    Math.floor(index / (dims[0] * dims[1])),
  ];
  return [0, 4, 8].map((row) =>
    voxel.reduce((sum, position, axis) => sum + affine[row + axis]! * position, affine[row + 3]!),
  );
}

function plain(data: Volume['voxels'], path: string): ReadMap['data'] {
  if (data instanceof Uint8Array || data instanceof Uint16Array) return data;
  return soft(data, path);
}

function soft(data: Volume['voxels'], path: string): ReadMap['data'] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  let max = 0;
  for (const value of data) {
    if (value < 0) throw notUnderstood(path, 'negative whole numbers');
    if (value > max) max = value;
  }
  if (max <= 1) return Uint8Array.from(data, (value) => 255 * value);
  if (max <= 255) return Uint8Array.from(data);
  if (max <= 65_535) return Uint16Array.from(data);
  throw notUnderstood(path, `whole numbers up to ${max}`);
}

function notUnderstood(path: string, what: string): CliError {
  return new CliError(
    'values-not-understood',
    `${path} holds ${what}`,
    'give probabilities from 0 to 1, 8- or 16-bit maps, masks of 0 and 1, or, with --labels, labels',
  );
}
