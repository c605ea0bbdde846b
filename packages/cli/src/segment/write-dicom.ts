import { mkdir } from 'node:fs/promises';
import type { Quantities, Volume } from '@infnet/io-medical';
import {
  checkDicomOrigin,
  encodeMeasurementReport,
  encodeSegmentation,
  writeDerivedObject,
  type DerivedObjectOptions,
  type Segment,
  type SegmentMeasurements,
} from '@infnet/io-medical/dicom-write';
import { CliError } from '../errors.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import type { CaseResult } from './case-result.js';
import { classKind } from './class-kinds.js';
import type { ClassResult } from './class-results.js';
import type { GateFinding } from './gate-finding.js';
import type { SegmentSettings } from './segment-case.js';
import type { VolumeLabeller } from './volume-labeller.js';

/** What DICOM objects are made of, besides the volume. */
interface DicomContent {
  /** Of the files. */
  readonly name: string;
  readonly mask: Uint8Array;
  readonly quantities: Quantities;
  /** Where classes were told apart. */
  readonly classes?: { readonly labelled: VolumeLabeller; readonly results: readonly ClassResult[] };
  /** Where a slice gate was asked. */
  readonly gate?: GateFinding;
}

/** @throws CliError `not-dicom`; ImageFormatError `unsupported` for DICOM that nothing can be derived from */
export function checkDicomInput(volume: Volume): void {
  if (volume.format === 'dicom') {
    checkDicomOrigin(volume);
    return;
  }
  throw new CliError(
    'not-dicom',
    `${volume.source} is no DICOM, so that no DICOM object could say which patient and images it is of`,
    'leave --dicom out, or name the DICOM series that the file was made from',
  );
}

/**
 * Writes the mask as a DICOM segmentation, and its figures as a report that refers to it, into the study of the input;
 * where classes were told apart, a second pair with one segment for each: classes and infection need not add up, and
 * segments of one object are taken for parts of a whole.
 */
export async function writeDicom(
  folder: ResultFolder,
  volume: Volume,
  { name, mask, quantities, classes, gate }: DicomContent,
  settings: SegmentSettings,
): Promise<Pick<CaseResult['outputs'], 'segmentation' | 'measurements' | 'classDicom'>> {
  const { threshold, backend, dicom, model } = settings;
  const deidentify = dicom === 'deidentified';
  const healthy = gate?.healthySlices.length ?? 0;
  const gated =
    gate === undefined ? '' : `; ${healthy} of ${gate.infected.length} slices left empty by a slice gate`;
  const infection = await writePair(folder, volume, {
    path: `dicom/${name}`,
    title: 'Lung infection',
    how: `probability >= ${threshold}, ${backend}`,
    mask,
    segments: [{ value: 1, kind: 'infection' }],
    figures: [{ ...figuresOf(1, quantities), method: `${methodOf(quantities)}${gated}` }],
    common: { device: deviceOf(model.about), deidentify },
  });
  if (classes === undefined) return infection;
  const { labels, labeller } = classes.labelled;
  const classDicom = await writePair(folder, volume, {
    path: `dicom/${name}.classes`,
    title: 'Classes of lung infection',
    how: `most probable, ${backend}`,
    mask: labels,
    segments: classes.results.map(({ label, name: title }) => ({
      value: label,
      kind: classKind(title, label),
    })),
    figures: classes.results.map(({ label, quantities: measured }) => ({
      ...figuresOf(label, measured),
      method: `most probable class of every voxel; ${methodOf(measured)}`,
    })),
    common: { device: deviceOf(labeller.about), deidentify },
    seriesNumbers: [302, 303],
  });
  return { ...infection, classDicom };
}

/** A segmentation and the report on it. */
interface Pair {
  /** Of the files, without their endings. */
  readonly path: string;
  readonly title: string;
  /** What made the mask. */
  readonly how: string;
  readonly mask: Uint8Array;
  readonly segments: readonly Segment[];
  readonly figures: readonly SegmentMeasurements[];
  readonly common: DerivedObjectOptions;
  readonly seriesNumbers?: readonly [segmentation: number, report: number];
}

async function writePair(
  folder: ResultFolder,
  volume: Volume,
  { path, title, how, mask, segments, figures, common, seriesNumbers = [300, 301] }: Pair,
): Promise<{ segmentation: string; measurements: string }> {
  const segmentation = encodeSegmentation(mask, volume, {
    ...common,
    segments,
    seriesNumber: seriesNumbers[0],
    seriesDescription: `${title}, ${how}`,
  });
  const report = encodeMeasurementReport(figures, segmentation, volume, {
    ...common,
    seriesNumber: seriesNumbers[1],
    seriesDescription: `${title}, measurements`,
  });
  const paths = { segmentation: `${path}.seg.dcm`, measurements: `${path}.sr.dcm` };
  await mkdir(folder.at('dicom'), { recursive: true });
  await writeDerivedObject(folder.at(paths.segmentation), segmentation);
  await writeDerivedObject(folder.at(paths.measurements), report);
  return paths;
}

function figuresOf(value: number, { volumeMl, meanHu, lungs }: Quantities): SegmentMeasurements {
  return {
    value,
    ...(volumeMl !== undefined && { volumeMl }),
    ...(lungs !== undefined && { shareOfLung: lungs.affectedShare }),
    ...(meanHu !== undefined && { meanHu }),
  };
}

function methodOf({ lungs, method }: Quantities): string {
  return lungs === undefined ? method : `${method}; ${lungs.method}`;
}

/** A model as DICOM takes the device that made an object: 64 characters of ASCII, no backslash. */
function deviceOf({ name, sha256 }: { readonly name: string; readonly sha256: string }): {
  model: string;
  version: string;
} {
  return { model: name.replaceAll(/[^ -[\]-~]/g, '_').slice(0, 40), version: sha256.slice(0, 16) };
}
