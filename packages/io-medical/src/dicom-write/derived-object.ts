import { writeFileAtomic } from '../source/local-files.js';
import type { Dataset } from './elements.js';

/** What made an object. */
export interface DicomDevice {
  readonly manufacturer: string;
  readonly model: string;
  readonly version: string;
}

/** Options that segmentations and reports share. */
export interface DerivedObjectOptions {
  /** The model or program that made the object. Default this project, without a version. */
  readonly device?: Partial<DicomDevice>;
  readonly seriesDescription?: string;
  /** Default 300 for segmentations, 301 for reports. */
  readonly seriesNumber?: number;
  /** Strip {@link STRIPPED_ATTRIBUTES}. Default false. */
  readonly deidentify?: boolean;
  /** Date and time of the object. Default now. */
  readonly date?: Date;
}

/** An object that was made, and what others need to refer to it. */
export interface DerivedObject {
  /** The file. */
  readonly bytes: Uint8Array;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
}

/** The device with its defaults filled in. */
export function resolveDevice({ device }: DerivedObjectOptions): DicomDevice {
  return {
    manufacturer: device?.manufacturer ?? 'Inf-Net for JavaScript',
    model: device?.model ?? 'Inf-Net',
    version: device?.version ?? 'unknown',
  };
}

/** General and enhanced general equipment (PS3.3 C.7.5). */
export function equipment({ manufacturer, model, version }: DicomDevice): Dataset {
  return [
    [0x0008_0070, 'LO', manufacturer],
    [0x0008_1090, 'LO', model],
    [0x0018_1000, 'LO', '0'],
    [0x0018_1020, 'LO', version],
  ];
}

/** Series and content of a new object: when, of what kind, under which number. */
export function seriesAndContent(
  modality: string,
  seriesInstanceUid: string,
  {
    seriesDescription,
    seriesNumber,
    date = new Date(),
  }: DerivedObjectOptions & { readonly seriesNumber: number },
): Dataset {
  const [day = '', time = ''] = date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return [
    [0x0008_0023, 'DA', day],
    [0x0008_0033, 'TM', time],
    [0x0008_0060, 'CS', modality],
    ...(seriesDescription === undefined ? [] : ([[0x0008_103e, 'LO', seriesDescription]] as const)),
    [0x0008_0021, 'DA', day],
    [0x0008_0031, 'TM', time],
    [0x0020_000e, 'UI', seriesInstanceUid],
    [0x0020_0011, 'IS', String(seriesNumber)],
    [0x0020_0013, 'IS', '1'],
  ];
}

/** Writes an object; the name never holds half a file. */
export async function writeDerivedObject(path: string, { bytes }: DerivedObject): Promise<void> {
  await writeFileAtomic(path, bytes);
}
