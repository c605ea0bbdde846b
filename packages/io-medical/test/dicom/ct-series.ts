import type { Volume } from '../../src/volume.js';
import { type DicomElement, makeDicom } from './dicom-files.js';

type Vector = readonly [number, number, number];

/** What no message, listing or warning may show. */
export const PATIENT = {
  name: 'SECRET^PATIENT',
  id: 'SECRET-ID',
  birth: '19111111',
  study: '1.2.3.999.1',
} as const;

/** How the slices of a series are written. */
export interface CtSeriesOptions {
  /** Directions along a row and along a column, in DICOM's left, back, head. */
  readonly row?: Vector;
  readonly column?: Vector;
  /** Centre of the first voxel. */
  readonly origin?: Vector;
  /** From slice to slice, in millimetres. */
  readonly step?: Vector;
  readonly spacing?: readonly [rows: number, columns: number];
  readonly seriesUid?: string;
  /** Rescale of slice z: stored values are made so that the HU are the volume's. */
  readonly rescale?: (z: number) => { readonly slope: number; readonly intercept: number };
  /** Elements in place of or besides the usual ones of slice z. */
  readonly extra?: (z: number) => readonly DicomElement[];
}

export const AXIAL: Required<Pick<CtSeriesOptions, 'row' | 'column' | 'origin' | 'step' | 'spacing'>> = {
  row: [1, 0, 0],
  column: [0, 1, 0],
  origin: [-90, -80, -70],
  step: [0, 0, 2],
  spacing: [0.75, 0.5],
};

/** The elements of a CT slice with these signed 16-bit pixels. */
export function ctElements(
  pixels: ArrayLike<number>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  extra: readonly DicomElement[] = [],
): readonly DicomElement[] {
  const elements: readonly DicomElement[] = [
    [0x0008_0008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x0008_0018, 'UI', '1.2.3.4.5'],
    [0x0008_0060, 'CS', 'CT'],
    [0x0010_0010, 'PN', PATIENT.name],
    [0x0010_0020, 'LO', PATIENT.id],
    [0x0010_0030, 'DA', PATIENT.birth],
    [0x0018_0050, 'DS', [2]],
    [0x0020_000d, 'UI', PATIENT.study],
    [0x0020_000e, 'UI', '1.2.3.999.2'],
    [0x0020_0013, 'IS', [1]],
    [0x0020_0032, 'DS', AXIAL.origin],
    [0x0020_0037, 'DS', [...AXIAL.row, ...AXIAL.column]],
    [0x0028_0002, 'US', 1],
    [0x0028_0004, 'CS', 'MONOCHROME2'],
    [0x0028_0010, 'US', rows],
    [0x0028_0011, 'US', columns],
    [0x0028_0030, 'DS', AXIAL.spacing],
    [0x0028_0100, 'US', 16],
    [0x0028_0101, 'US', 16],
    [0x0028_0102, 'US', 15],
    [0x0028_0103, 'US', 1],
    [0x0028_1052, 'DS', [-1024]],
    [0x0028_1053, 'DS', [1]],
    [0x7fe0_0010, 'OW', Array.from(pixels)],
  ];
  const replaced = new Set(extra.map(([tag]) => tag));
  return [...elements.filter(([tag]) => !replaced.has(tag)), ...extra];
}

/** One file for each slice of a volume, from the first to the last. */
export function ctSeries(
  { voxels, dims: [nx, ny, nz] }: Pick<Volume, 'voxels' | 'dims'>,
  options: CtSeriesOptions = {},
): Uint8Array[] {
  const { row, column, origin, step, spacing } = { ...AXIAL, ...options };
  const {
    seriesUid = '1.2.3.999.2',
    rescale = () => ({ slope: 1, intercept: -1024 }),
    extra = () => [],
  } = options;
  return Array.from({ length: nz }, (_, z) => {
    const { slope, intercept } = rescale(z);
    const hu = Array.from(voxels.subarray(z * nx * ny, (z + 1) * nx * ny));
    const pixels = hu.map((value) => Math.round((value - intercept) / slope));
    const position = origin.map((start, axis) => start + z * (step[axis] ?? 0));
    const own = extra(z);
    const replaced = new Set(own.map(([tag]) => tag));
    const usual: readonly DicomElement[] = [
      [0x0008_0018, 'UI', `1.2.3.999.3.${seriesUid.length}.${z + 1}`],
      [0x0020_000e, 'UI', seriesUid],
      [0x0020_0013, 'IS', [z + 1]],
      [0x0020_0032, 'DS', position],
      [0x0020_0037, 'DS', [...row, ...column]],
      [0x0028_0030, 'DS', spacing],
      [0x0028_1052, 'DS', [intercept]],
      [0x0028_1053, 'DS', [slope]],
    ];
    return makeDicom(
      ctElements(pixels, { rows: ny, columns: nx }, [...usual.filter(([tag]) => !replaced.has(tag)), ...own]),
    );
  });
}

/** The affine in RAS that a series with these options has. */
export function expectedAffine(options: CtSeriesOptions = {}): number[] {
  const { row, column, origin, step, spacing } = { ...AXIAL, ...options };
  const line = (axis: 0 | 1 | 2): number[] => {
    const sign = axis === 2 ? 1 : -1;
    return [row[axis] * spacing[1], column[axis] * spacing[0], step[axis], origin[axis]].map(
      (value) => sign * value,
    );
  };
  return [...line(0), ...line(1), ...line(2), 0, 0, 0, 1];
}
