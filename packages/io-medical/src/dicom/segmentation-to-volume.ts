import { norm } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import { checkSize } from '../limits.js';
import type { Volume } from '../volume.js';
import { originOf } from './dicom-origin.js';
import { placeSlices, SAME_PLACE } from './place-slices.js';
import { decodeSlices, type Slice } from './slice.js';
import { toRas, type VolumeOptions } from './slices-to-volume.js';
import { addScaled, dot, subtract, type Vector } from './vectors.js';

/**
 * Makes a label volume of a segmentation: each voxel has the number of its segment, 0 where there is none. Frames that
 * the file leaves out, because nothing is in them, are filled in. Where segments overlap the higher number stays.
 *
 * @throws {ImageFormatError} `unsupported` for frames without a place, `uneven-slices`, and what reading frames throws
 */
export async function segmentationToVolume(
  source: string,
  frames: readonly Slice[],
  options: VolumeOptions,
): Promise<Volume> {
  const [first] = frames;
  const normal = first?.geometry.axes?.normal;
  if (
    first === undefined ||
    normal === undefined ||
    frames.some(({ geometry }) => geometry.position === undefined)
  ) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: a segmentation whose frames have no place in space`,
      'Export it again with positions of its frames.',
    );
  }
  const grid = zGrid(source, frames, normal);
  const dims = [first.header.format.columns, first.header.format.rows, grid.length] as const;
  const isWide = Math.max(...frames.map(segmentOf)) > 255;
  checkSize(source, dims, isWide ? 2 : 1, options.limits);
  const size = dims[0] * dims[1];
  const voxels = new (isWide ? Uint16Array : Uint8Array)(size * dims[2]);
  let overlaps = 0;
  for await (const { index, values } of decodeSlices(frames, options)) {
    options.signal?.throwIfAborted();
    const frame = frames[index];
    if (frame === undefined) continue;
    const at = grid.indexOf(frame) * size;
    const segment = segmentOf(frame);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const before = voxels[at + i] ?? 0;
      if (before !== 0 && before !== segment) overlaps++;
      if (segment > before) voxels[at + i] = segment;
    }
  }
  const warnings: string[] = [];
  if (overlaps > 0) {
    warnings.push(`${source}: segments overlap in ${overlaps} voxels, where the higher number is kept`);
  }
  if (first.header.format.bitsAllocated > 1) {
    warnings.push(`${source}: not of single bits; every value above 0 counts as inside its segment`);
  }
  const placement = placeSlices(source, [first]);
  const [x, y] = placement.steps;
  return {
    voxels,
    dims,
    affine: toRas({ origin: grid.origin, steps: [x, y, grid.step] }),
    calibrated: placement.calibrated,
    unit: options.unit ?? 'grey',
    format: 'dicom',
    source,
    assumed: placement.assumed,
    warnings,
    modality: 'SEG',
    dicom: await originOf(frames, options.limits),
  };
}

function segmentOf({ geometry }: Slice): number {
  return geometry.segment ?? 1;
}

/** The places that frames lie in: evenly, with places where there is no frame. */
function zGrid(
  source: string,
  frames: readonly Slice[],
  normal: Vector,
): {
  readonly origin: Vector;
  readonly step: Vector;
  readonly length: number;
  indexOf(frame: Slice): number;
} {
  const along = ({ geometry }: Slice): number => dot(geometry.position ?? [0, 0, 0], normal);
  const places = frames.toSorted((a, b) => along(a) - along(b));
  const [first] = places;
  const origin = first?.geometry.position ?? [0, 0, 0];
  const last = places.at(-1)?.geometry.position ?? origin;
  const distances = places
    .slice(1)
    .map((place, i) => along(place) - along(places[i] ?? place))
    .filter((distance) => distance >= SAME_PLACE);
  const given = first?.geometry.sliceSpacing ?? 1;
  const spacing = distances.length === 0 ? given : Math.min(...distances);
  const extent = norm(subtract(last, origin));
  const length = distances.length === 0 ? 1 : Math.round(extent / spacing) + 1;
  const step =
    length === 1
      ? addScaled([0, 0, 0], normal, given)
      : addScaled([0, 0, 0], subtract(last, origin), 1 / (length - 1));
  const indexOf = (frame: Slice): number =>
    Math.round((along(frame) - along(first ?? frame)) / dot(step, normal));
  const isOff = frames.some((frame) => {
    const place = addScaled(origin, step, indexOf(frame));
    return norm(subtract(frame.geometry.position ?? place, place)) > 0.1 * norm(step) + SAME_PLACE;
  });
  if (isOff) {
    throw new ImageFormatError(
      'uneven-slices',
      `${source}: the frames of the segmentation lie unevenly`,
      'Export it on the grid of its images.',
    );
  }
  return { origin, step, length, indexOf };
}
