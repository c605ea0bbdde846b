import { ImageFormatError } from '../errors.js';
import { type ReadLimits, resolveLimits } from '../limits.js';
import type { ReadOptions } from '../read-options.js';
import type { Volume } from '../volume.js';
import { findSeries, type FoundSeries, type SkippedFile } from './find-series.js';
import { isSegmentation } from './image-header.js';
import { segmentationToVolume } from './segmentation-to-volume.js';
import { nameOfSeries, seriesFiles, type SeriesInput } from './series-files.js';
import type { SeriesFile, Slice } from './slice.js';
import { slicesToVolume } from './slices-to-volume.js';

/** One volume that a folder holds. */
export interface SeriesInfo {
  /** What the option `series` takes. */
  readonly index: number;
  /** Series Instance UID: the option `series` takes it too, where it names one volume only. It identifies a patient. */
  readonly seriesInstanceUid: string;
  readonly modality: string | undefined;
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Whether slices have a place in space, so that they make a volume and no mere stack. */
  readonly isPlaced: boolean;
}

/** What a folder holds. */
export interface SeriesListing {
  /** Largest first. */
  readonly series: readonly SeriesInfo[];
  /** Files that are no part of them. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Reads one DICOM series as a volume: from a folder, a ZIP archive, or files.
 *
 * Files are sorted into series by their UID, orientation, size and spacing. Localizers, reports and files that are no
 * DICOM are left out. Slices are put in order by their positions along the normal (row x column), never by name or
 * number; exact copies are dropped; the step between them comes from the positions, so that a tilted gantry gives a
 * sheared affine; each slice is rescaled on its own. What was odd is in `warnings`, what the files leave open in
 * `assumed`.
 *
 * @param options `series`: which one, where there are several that make a volume
 * @throws {ImageFormatError} `several-series` with what there is; `uneven-slices` where slices are missing or lie in one
 *   place, unless `allowUneven`; `no-image`; and all that reading a file throws
 */
export async function readSeries(input: SeriesInput, options: ReadOptions = {}): Promise<Volume> {
  const source = options.name ?? nameOfSeries(input);
  const limits = resolveLimits(options.limits);
  const files = await seriesFiles(source, input, limits, options);
  const found = await find(source, files, limits, options);
  const { group, others } = choose(source, found, options);
  const volume = await toVolume(source, group, limits, options);
  const losses = found.skipped.filter(({ isLoss }) => isLoss).length;
  const warnings = [
    ...(others > 0 ? [`${source}: ${others} other series left out; listSeries lists them`] : []),
    ...(losses > 0
      ? [`${source}: ${losses} ${losses === 1 ? 'file' : 'files'} could not be read; listSeries lists them`]
      : []),
  ];
  return { ...volume, warnings: [...warnings, ...volume.warnings] };
}

/**
 * Lists what a folder, archive or set of DICOM files holds, without decoding a pixel.
 *
 * The listing is for the person who chooses: names of files and UIDs can identify a patient and belong into no log.
 */
export async function listSeries(input: SeriesInput, options: ReadOptions = {}): Promise<SeriesListing> {
  const source = options.name ?? nameOfSeries(input);
  const limits = resolveLimits(options.limits);
  const { groups, skipped } = await find(
    source,
    await seriesFiles(source, input, limits, options),
    limits,
    options,
  );
  return { series: groups.map(describe), skipped };
}

/**
 * Reads every volume that a folder, archive or set of DICOM files holds, one after the other.
 *
 * @yields volumes in the order of {@link listSeries}
 */
export async function* readAllSeries(
  input: SeriesInput,
  options: Omit<ReadOptions, 'series'> = {},
): AsyncGenerator<Volume, void, void> {
  const source = options.name ?? nameOfSeries(input);
  const limits = resolveLimits(options.limits);
  const { groups } = await find(source, await seriesFiles(source, input, limits, options), limits, options);
  for (const group of groups) yield await toVolume(source, group, limits, options);
}

async function find(
  source: string,
  files: readonly SeriesFile[],
  limits: ReadLimits,
  { signal, onProgress }: ReadOptions,
): Promise<FoundSeries> {
  const { groups, skipped } = await findSeries(files, limits, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ type: 'header', done, total: files.length });
  });
  if (groups.length === 0) {
    const reasons = [...new Set(skipped.map(({ reason }) => reason))].join('; ');
    throw new ImageFormatError(
      'no-image',
      `${source}: none of ${files.length} files is a DICOM image${reasons === '' ? '' : ` (${reasons})`}`,
      'Give the folder, archive or files of a DICOM series.',
    );
  }
  return { groups: groups.toSorted((a, b) => b.length - a.length), skipped };
}

/** The series that is asked for, or the only one that makes a volume. */
function choose(
  source: string,
  { groups }: FoundSeries,
  { series }: ReadOptions,
): { readonly group: readonly Slice[]; readonly others: number } {
  const infos = groups.map(describe);
  const volumes = infos.filter(
    ({ slices, isPlaced, modality }) => slices > 1 && isPlaced && modality !== 'SEG',
  );
  const wanted =
    series !== undefined
      ? infos.filter(({ index, seriesInstanceUid }) => series === index || series === seriesInstanceUid)
      : infos.length === 1
        ? infos
        : volumes;
  const [only] = wanted;
  const group = only === undefined || wanted.length > 1 ? undefined : groups[only.index];
  if (group !== undefined) return { group, others: series === undefined ? groups.length - 1 : 0 };
  const list = infos
    .slice(0, 20)
    .map(
      (info) =>
        `${info.index}: ${info.modality ?? 'unknown'} ${info.columns} x ${info.rows} x ${info.slices}`,
    );
  throw new ImageFormatError(
    'several-series',
    `${source}: ${series === undefined ? 'holds' : 'the series asked for is not one of'} ${infos.length} series: ${list.join(', ')}`,
    'Choose one with the option series (its number here), or read them all with readAllSeries.',
  );
}

function describe(group: readonly Slice[], index: number): SeriesInfo {
  const [first] = group;
  return {
    index,
    seriesInstanceUid: first?.header.seriesUid ?? '',
    modality: first?.header.modality,
    columns: first?.header.format.columns ?? 0,
    rows: first?.header.format.rows ?? 0,
    slices: group.length,
    isPlaced: first?.geometry.position !== undefined && first.geometry.axes !== undefined,
  };
}

function toVolume(
  source: string,
  group: readonly Slice[],
  limits: ReadLimits,
  options: ReadOptions,
): Promise<Volume> {
  const { onProgress } = options;
  const volumeOptions = {
    ...options,
    limits,
    onSlice: (done: number, total: number): void => onProgress?.({ type: 'slice', done, total }),
  };
  const [first] = group;
  return first !== undefined && isSegmentation(first.header)
    ? segmentationToVolume(source, group, volumeOptions)
    : slicesToVolume(source, group, volumeOptions);
}
