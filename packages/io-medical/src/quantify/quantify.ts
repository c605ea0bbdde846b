import { axisStep, cross, norm } from '../affine.js';
import { displayFrame, displayPlaces } from '../display-frame.js';
import { ImageFormatError } from '../errors.js';
import { eachRun, findRuns, type Runs } from '../morphology/runs.js';
import type { Volume } from '../volume.js';
import { type LesionQuantities, measureLesions } from './lesions.js';
import { type LobeQuantities, measureLobes } from './lobes.js';
import { type LungQuantities, measureLungs, measureLungsBySide } from './lungs.js';
import { type RegionSize, regionSizer, voxelMl } from './region.js';
import {
  TISSUE_THRESHOLDS,
  tissueByDensity,
  tissueByLabel,
  type TissueQuantities,
  type TissueThresholds,
} from './tissue.js';

/** Lungs by side: labels 1 (right) and 2 (left), and how they were found, as `lungMask` gives. */
export interface SidedLungs {
  readonly labels: Uint8Array;
  readonly method?: string;
}

/** Options of {@link quantify}. */
export interface QuantifyOptions {
  /** A lung mask on the volume's grid: any mask, or labels by side for figures by lung and zone. */
  readonly lungs?: Uint8Array | SidedLungs;
  /** A mask of the five lobes on the volume's grid, labelled as `LOBE_NAMES` says. */
  readonly lobes?: Uint8Array;
  /**
   * How ground glass is told from consolidation: by density (the default for volumes in HU), at these thresholds, or
   * by the labels 1 and 2 of the mask.
   */
  readonly tissue?: 'density' | 'labels' | TissueThresholds;
  /** Rows of the table of lesions. Default 50. */
  readonly lesionRows?: number;
}

/** What {@link quantify} measures. Units stand in the names; every part says how it was made. */
export interface Quantities extends RegionSize {
  /** Voxels of the mask over voxels of the image, 0..1. */
  readonly shareOfImage: number;
  /** Mean density of the infection; only for volumes in HU where something is marked. */
  readonly meanHu?: number;
  /** One entry per axial slice, from the feet up. */
  readonly slices: readonly {
    readonly voxels: number;
    /** Square millimetres; only for volumes whose voxels have a known size. */
    readonly areaMm2?: number;
  }[];
  readonly lesions: LesionQuantities;
  /** Ground glass and consolidation; only in HU, or where the mask's labels tell. */
  readonly tissue?: TissueQuantities;
  /** Only where a lung mask was given. */
  readonly lungs?: LungQuantities;
  /** Only where a lobe mask was given. */
  readonly lobes?: LobeQuantities;
  /** How size and areas were made, in words, for reports. */
  readonly method: string;
}

/**
 * Measures a mask: size, share, area per slice, pieces, density, ground glass and consolidation, and its share of lungs,
 * zones and lobes where those are given. Millilitres and millimetres only where the voxel size is known.
 *
 * A voxel's volume is |det| of the affine's 3 x 3 part, which is right for sheared grids (gantry tilt) too. Voxels of
 * the mask outside the given lung mask count as lung: consolidated lung is often missing from a lung mask.
 *
 * @param mask one byte per voxel in the volume's order; anything but 0 is mask
 * @throws {ImageFormatError} `size-mismatch`, `invalid-option`
 */
export function quantify(mask: Uint8Array, volume: Volume, options: QuantifyOptions = {}): Quantities {
  const { lungs, lobes, lesionRows = 50 } = options;
  const sided = lungs === undefined || lungs instanceof Uint8Array ? undefined : lungs;
  checkLength('mask', mask, volume);
  checkLength('lung mask', sided?.labels ?? (lungs as Uint8Array | undefined), volume);
  checkLength('lobe mask', lobes, volume);
  const size = regionSizer(volume);
  // A mask is mostly zeros: what is measured of it goes over its runs.
  const runs = findRuns(mask, volume.dims);
  const slices = measureSlices(runs, volume);
  const voxels = slices.reduce((sum, slice) => sum + slice.voxels, 0);
  const tissue = measureTissue(mask, runs, volume, size, options.tissue);
  return {
    ...size(voxels),
    shareOfImage: voxels / mask.length,
    ...(volume.unit === 'HU' && voxels > 0 && { meanHu: meanOf(runs, volume, voxels) }),
    slices,
    lesions: measureLesions(runs, volume, size, {
      rows: lesionRows,
      ...(sided !== undefined && { lungs: sided.labels }),
    }),
    ...(tissue !== undefined && { tissue }),
    ...(lungs instanceof Uint8Array && { lungs: measureLungs(runs, lungs, volume, size) }),
    ...(sided !== undefined && {
      lungs: withMethod(measureLungsBySide(runs, sided.labels, volume, size), sided),
    }),
    ...(lobes !== undefined && { lobes: measureLobes(mask, lobes, size) }),
    method: describeMethod(volume),
  };
}

function measureSlices(runs: Runs, volume: Volume): Quantities['slices'] {
  const frame = displayFrame(volume);
  const [column, row] = frame.axes;
  const pixelMm2 = norm(cross(axisStep(volume.affine, column), axisStep(volume.affine, row)));
  const { slice, sliceStep } = displayPlaces(frame, volume.dims);
  const counts = new Float64Array(frame.slices);
  eachRun(runs, (start, end) => {
    let z = slice(start);
    if (sliceStep === 0) counts[z]! += end - start;
    else for (let i = start; i < end; i++, z += sliceStep) counts[z]!++;
  });
  return Array.from(counts, (voxels) => ({
    voxels,
    ...(volume.calibrated && { areaMm2: voxels * pixelMm2 }),
  }));
}

function measureTissue(
  mask: Uint8Array,
  runs: Runs,
  volume: Volume,
  size: (voxels: number) => RegionSize,
  how: QuantifyOptions['tissue'],
): TissueQuantities | undefined {
  if (how === 'labels') return tissueByLabel(mask, size);
  if (volume.unit === 'HU') {
    return tissueByDensity(runs, volume, size, typeof how === 'object' ? how : TISSUE_THRESHOLDS);
  }
  if (how === undefined) return undefined;
  throw new ImageFormatError(
    'invalid-option',
    `${volume.source}: kinds of tissue cannot be told by density, because the image is not in HU`,
    'Leave the option `tissue` out, or give a mask with the labels 1 and 2 and `tissue: "labels"`.',
  );
}

function meanOf(runs: Runs, { voxels }: Volume, count: number): number {
  let sum = 0;
  eachRun(runs, (start, end) => {
    for (let i = start; i < end; i++) sum += voxels[i] ?? 0;
  });
  return sum / count;
}

function withMethod(lungs: LungQuantities, { method }: SidedLungs): LungQuantities {
  return method === undefined ? lungs : { ...lungs, method: `lungs: ${method}; ${lungs.method}` };
}

function describeMethod({ calibrated, source, affine }: Volume): string {
  return calibrated
    ? `voxels of the mask times ${Number((voxelMl({ affine }) * 1000).toPrecision(6))} mm3 each (|det| of the affine)`
    : `pixels of the mask; ${source} gives no pixel size, so neither area nor volume is known`;
}

function checkLength(name: string, values: Uint8Array | undefined, { dims, source }: Volume): void {
  if (values === undefined || values.length === dims[0] * dims[1] * dims[2]) return;
  throw new ImageFormatError(
    'size-mismatch',
    `${source}: the ${name} has ${values.length} voxels, the volume ${dims.join(' x ')}`,
    'Give a mask on the grid of the volume.',
  );
}
