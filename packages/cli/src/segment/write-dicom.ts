import { mkdir } from 'node:fs/promises';
import type { Quantities, Volume } from '@infnet/io-medical';
import {
  checkDicomOrigin,
  encodeMeasurementReport,
  encodeSegmentation,
  writeDerivedObject,
} from '@infnet/io-medical/dicom-write';
import { CliError } from '../errors.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import type { CaseResult } from './case-result.js';
import type { SegmentSettings } from './segment-case.js';

/** What DICOM objects are made of, besides the volume. */
interface DicomContent {
  /** Of the files. */
  readonly name: string;
  readonly mask: Uint8Array;
  readonly quantities: Quantities;
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

/** Writes the mask as a DICOM segmentation, and its figures as a report that refers to it, into the study of the input. */
export async function writeDicom(
  folder: ResultFolder,
  volume: Volume,
  { name, mask, quantities }: DicomContent,
  settings: SegmentSettings,
): Promise<Pick<CaseResult['outputs'], 'segmentation' | 'measurements'>> {
  const { threshold, backend } = settings;
  const { volumeMl, meanHu, lungs, method } = quantities;
  const common = { device: deviceOf(settings), deidentify: settings.dicom === 'deidentified' };
  const segmentation = encodeSegmentation(mask, volume, {
    ...common,
    seriesDescription: `Lung infection, probability >= ${threshold}, ${backend}`,
  });
  const figures = {
    value: 1,
    ...(volumeMl !== undefined && { volumeMl }),
    ...(lungs !== undefined && { shareOfLung: lungs.affectedShare }),
    ...(meanHu !== undefined && { meanHu }),
    method: lungs === undefined ? method : `${method}; ${lungs.method}`,
  };
  const report = encodeMeasurementReport([figures], segmentation, volume, {
    ...common,
    seriesDescription: 'Lung infection, measurements',
  });
  const paths = { segmentation: `dicom/${name}.seg.dcm`, measurements: `dicom/${name}.sr.dcm` };
  await mkdir(folder.at('dicom'), { recursive: true });
  await writeDerivedObject(folder.at(paths.segmentation), segmentation);
  await writeDerivedObject(folder.at(paths.measurements), report);
  return paths;
}

/** The model as DICOM takes the device that made an object: 64 characters of ASCII, no backslash. */
function deviceOf({ model }: SegmentSettings): { model: string; version: string } {
  const { name, sha256 } = model.about;
  return { model: name.replaceAll(/[^ -[\]-~]/g, '_').slice(0, 40), version: sha256.slice(0, 16) };
}
