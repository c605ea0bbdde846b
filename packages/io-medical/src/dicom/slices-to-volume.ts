import type { Affine } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import type { Volume, VoxelArray, VoxelUnit } from '../volume.js';
import { originOf } from './dicom-origin.js';
import type { DecodeOptions } from './frame-decoder.js';
import { isColour } from './pixel-format.js';
import { type Placement, placeSlices } from './place-slices.js';
import { dropCopies } from './resolve-clashes.js';
import { decodeSlices, type Slice } from './slice.js';
import { VoxelStack } from './voxel-stack.js';

/** How slices become a volume. */
export interface VolumeOptions extends DecodeOptions {
  readonly allowUneven?: boolean;
  readonly unit?: VoxelUnit;
  readonly replaceNonFinite?: number;
  readonly replacePadding?: number;
  readonly signal?: AbortSignal;
  readonly onSlice?: (done: number, total: number) => void;
}

/** Below this air lies on the Hounsfield scale, and no other modality's values do. */
const HOUNSFIELD_AIR = -200;

/**
 * Makes one volume of the slices of one group: copies dropped, in order along their normal, rescaled one by one.
 *
 * @throws {ImageFormatError} `uneven-slices`, `truncated`, `corrupt`, `unsupported`, `too-large`, `not-finite`
 */
export async function slicesToVolume(
  source: string,
  group: readonly Slice[],
  options: VolumeOptions,
): Promise<Volume> {
  const warnings: string[] = [];
  const unique = await dropCopies(source, group, options, warnings);
  const placement = placeSlices(source, unique, options);
  const { slices } = placement;
  const { rows, columns } = slices[0]?.header.format ?? { rows: 0, columns: 0 };
  const dims = [columns, rows, slices.length] as const;
  const stack = new VoxelStack(source, dims, slices, options.limits);
  let done = 0;
  for await (const { index, values } of decodeSlices(slices, options)) {
    options.signal?.throwIfAborted();
    const slice = slices[index];
    if (slice === undefined) continue;
    stack.put(index, values, slice.geometry.transform, slice.header.padding);
    options.onSlice?.(++done, slices.length);
  }
  const assumed = [...placement.assumed];
  checkValues(source, stack, options.replaceNonFinite, warnings);
  const unit = options.unit ?? judgeUnit(source, slices, stack.voxels, assumed, warnings);
  const padding = replacePadding(source, stack, options.replacePadding, warnings);
  const modality = slices[0]?.header.modality;
  return {
    voxels: stack.voxels,
    dims,
    affine: toRas(placement),
    calibrated: placement.calibrated,
    unit,
    format: 'dicom',
    source,
    assumed,
    warnings: [...describe(source, slices), ...placement.warnings, ...warnings],
    ...(modality === undefined ? {} : { modality }),
    ...(padding === undefined ? {} : { padding }),
    ...(placement.positions === undefined ? {} : { slicePositions: placement.positions }),
    dicom: await originOf(slices, options.limits),
  };
}

/** The matrix of a placement: DICOM's left and back become NIfTI's right and front. */
export function toRas({ origin, steps: [x, y, z] }: Pick<Placement, 'origin' | 'steps'>): Affine {
  const row = (axis: 0 | 1 | 2, sign: number): number[] => [
    sign * x[axis] + 0,
    sign * y[axis] + 0,
    sign * z[axis] + 0,
    sign * origin[axis] + 0,
  ];
  return [...row(0, -1), ...row(1, -1), ...row(2, 1), 0, 0, 0, 1];
}

/** Refuses or replaces what is no number and tells of an image without contrast. */
function checkValues(
  source: string,
  { voxels }: VoxelStack,
  replacement: number | undefined,
  warnings: string[],
): void {
  let bad = 0;
  if (voxels instanceof Float32Array || voxels instanceof Float64Array) {
    for (let i = 0; i < voxels.length; i++) {
      if (Number.isFinite(voxels[i])) continue;
      bad++;
      if (replacement !== undefined) voxels[i] = replacement;
    }
  }
  if (bad > 0 && replacement === undefined) {
    throw new ImageFormatError(
      'not-finite',
      `${source}: ${bad} of ${voxels.length} voxels are NaN or infinite`,
      'Pass replaceNonFinite with the value that should stand for them (-1024 is air in HU).',
    );
  }
  if (bad > 0) warnings.push(`${source}: ${bad} NaN or infinite voxels were replaced`);
  const [first] = voxels;
  if (voxels.every((value) => value === first)) {
    warnings.push(`${source}: every voxel has the same value; there is nothing to see`);
  }
}

function replacePadding(
  source: string,
  { voxels, padding }: VoxelStack,
  replacement: number | undefined,
  warnings: string[],
): number | undefined {
  if (padding === undefined || padding.count === 0) return undefined;
  const share = ((100 * padding.count) / voxels.length).toFixed(1);
  if (replacement === undefined) {
    warnings.push(`${source}: ${share} % of the voxels are padding outside the field of view (0028,0120)`);
    return padding.value;
  }
  for (let i = 0; i < voxels.length; i++) if (voxels[i] === padding.value) voxels[i] = replacement;
  warnings.push(`${source}: ${share} % of the voxels, padding outside the field of view, were replaced`);
  return replacement;
}

/** CT with a rescale is in HU unless it says otherwise; without one its values decide. */
function judgeUnit(
  source: string,
  slices: readonly Slice[],
  voxels: VoxelArray,
  assumed: string[],
  warnings: string[],
): VoxelUnit {
  const { modality } = slices[0]?.header ?? {};
  const transforms = slices.map(({ geometry }) => geometry.transform);
  if (modality !== 'CT') {
    warnings.push(`${source}: no CT by (0008,0060); values are taken as grey`);
    return 'grey';
  }
  if (
    transforms.every(({ isGiven, type }) => isGiven && (type === undefined || type === 'HU' || type === 'US'))
  ) {
    return 'HU';
  }
  if (transforms.every(({ isGiven }) => !isGiven) && voxels.some((value) => value <= HOUNSFIELD_AIR)) {
    assumed.push('stored values in HU (no rescale in the file)');
    return 'HU';
  }
  warnings.push(
    `${source}: a CT without a rescale to Hounsfield units (0028,1052 to 0028,1054); taken as grey values`,
  );
  return 'grey';
}

function describe(source: string, slices: readonly Slice[]): readonly string[] {
  const headers = slices.map(({ header }) => header);
  const facts: readonly (readonly [boolean, string])[] = [
    [
      headers.some(({ namesSyntax }) => !namesSyntax),
      'no transfer syntax is named; it was told from the content',
    ],
    [headers.some(({ isLossy }) => isLossy), 'was compressed with loss; values are near the scanned ones'],
    [headers.some(({ isDose }) => isDose), 'a dose grid, whose scaling (3004,000E) is not applied'],
    [
      headers.some(({ isLocalizer }) => isLocalizer),
      'a localizer, an overview in one projection, not a slice',
    ],
    [
      headers.some(({ format }) => format.photometric === 'MONOCHROME1'),
      'low values are meant to look bright (MONOCHROME1); the values are left as they are',
    ],
    [
      headers.some(({ format: { photometric } }) => isColour(photometric) || photometric === 'PALETTE COLOR'),
      'a colour image; its luma is used (CT slices are grey)',
    ],
  ];
  return facts.filter(([holds]) => holds).map(([, fact]) => `${source}: ${fact}`);
}
