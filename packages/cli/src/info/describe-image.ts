import { checkVolume, listSeries, readSeries, readImage, type Volume } from '@infnet/io-medical';

/** How an image is described. */
export interface DescribeOptions {
  /** Also what the file says of the patient. */
  readonly showPatient: boolean;
  readonly isFolder: boolean;
}

/** DICOM elements that name a patient, told only when asked for. */
const PATIENT: readonly (readonly [tag: string, name: string])[] = [
  ['00100010', 'name'],
  ['00100020', 'id'],
  ['00100030', 'birthDate'],
  ['00100040', 'sex'],
  ['00080020', 'studyDate'],
  ['00081030', 'study'],
  ['0020000D', 'studyInstanceUid'],
  ['0020000E', 'seriesInstanceUid'],
];

/** What a reader needs to know of an image before segmenting it; no header text, which may name a patient. */
export async function describeImage(file: string, options: DescribeOptions): Promise<object> {
  if (!options.isFolder && !file.toLowerCase().endsWith('.zip')) {
    return { file, ...describeVolume(await readImage(file, { replaceNonFinite: 0 }), options) };
  }
  const { series, skipped } = await listSeries(file);
  const [first] = series;
  const listing = series.map(({ modality = 'unknown', columns, rows, slices, isPlaced }, i) => {
    const kind = isPlaced ? '' : ', no place in space';
    return `${i + 1}: ${modality} ${columns} x ${rows} x ${slices}${kind}`;
  });
  return {
    file,
    series: listing,
    skippedFiles: skipped.length,
    ...(first !== undefined && series.length === 1
      ? describeVolume(await readSeries(file, { series: first.index, replaceNonFinite: 0 }), options)
      : {}),
  };
}

function describeVolume(volume: Volume, { showPatient }: DescribeOptions): object {
  const { voxels, dims, affine, calibrated, unit, format, modality, warnings, assumed, dicom } = volume;
  const { low, high, mean } = rangeOf(voxels);
  const at = (row: number, column: number): number => affine[4 * row + column]!;
  const spacing = [0, 1, 2].map((column) => Math.hypot(at(0, column), at(1, column), at(2, column)));
  const rows = [0, 4, 8, 12].map((begin) => affine.slice(begin, begin + 4));
  const patient = PATIENT.flatMap(([tag, name]) => {
    const value = dicom?.elements.get(tag)?.value;
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return {
    format,
    ...(modality !== undefined && { modality }),
    dims,
    ...(calibrated ? { spacingMm: spacing, affine: rows } : {}),
    type: voxels.constructor.name.replace('Array', '').toLowerCase(),
    unit,
    minimum: low,
    mean,
    maximum: high,
    ...(volume.padding !== undefined && { padding: volume.padding }),
    ...(showPatient && {
      patient: patient.length > 0 ? Object.fromEntries(patient) : 'the file says nothing',
    }),
    assumed,
    warnings,
    checks: checkVolume(volume).map(({ code, message, hint }) => `${code}: ${message}. ${hint}`),
  };
}

function rangeOf(voxels: Volume['voxels']): { low: number; high: number; mean: number } {
  let low = Infinity;
  let high = -Infinity;
  let sum = 0;
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    sum += value;
  }
  return { low, high, mean: sum / voxels.length };
}
