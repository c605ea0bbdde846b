import { ImageFormatError } from '../errors.js';
import type { DicomOrigin, Volume } from '../volume.js';
import type { Dataset, Element } from './elements.js';

/** Study and Series Instance UID. */
export const STUDY_UID = '0020000D';
export const SERIES_UID = '0020000E';

/** An attribute of the patient or the study, with its VR. */
export interface OriginAttribute {
  /** Eight hexadecimal digits. */
  readonly tag: string;
  readonly vr: string;
  readonly name: string;
}

/**
 * What `deidentify` strips from derived objects: attributes that the standard wants are left empty, others are left out.
 * This is a listed set and no anonymisation after PS3.15: UIDs stay, as the objects refer to their images by them.
 */
export const STRIPPED_ATTRIBUTES: readonly OriginAttribute[] = [
  { tag: '00080020', vr: 'DA', name: 'Study Date' },
  { tag: '00080030', vr: 'TM', name: 'Study Time' },
  { tag: '00080050', vr: 'SH', name: 'Accession Number' },
  { tag: '00080090', vr: 'PN', name: "Referring Physician's Name" },
  { tag: '00081030', vr: 'LO', name: 'Study Description' },
  { tag: '00100010', vr: 'PN', name: "Patient's Name" },
  { tag: '00100020', vr: 'LO', name: 'Patient ID' },
  { tag: '00100021', vr: 'LO', name: 'Issuer of Patient ID' },
  { tag: '00100030', vr: 'DA', name: "Patient's Birth Date" },
  { tag: '00100040', vr: 'CS', name: "Patient's Sex" },
  { tag: '00101010', vr: 'AS', name: "Patient's Age" },
  { tag: '00101020', vr: 'DS', name: "Patient's Size" },
  { tag: '00101030', vr: 'DS', name: "Patient's Weight" },
  { tag: '00200010', vr: 'SH', name: 'Study ID' },
];

/** Of these the patient and study modules (PS3.3 C.7.1.1, C.7.2.1) want all but those that are only copied if present. */
const OPTIONAL = ['00081030', '00100021', '00101010', '00101020', '00101030'];

/** The DICOM images that a derived object refers to, checked to be one for each slice. */
export function originOf(volume: Volume): DicomOrigin {
  const { calibrated, dicom, dims, source } = volume;
  if (dicom === undefined || dicom.slices.length !== dims[2]) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: no DICOM images that a DICOM object could refer to, one for each slice`,
      'Derive it from a volume that readSeries or readImage read from DICOM; write NIfTI otherwise.',
    );
  }
  if ([STUDY_UID, SERIES_UID].some((tag) => originValue(dicom, tag) === '')) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: its images do not say which study and series they are of (0020,000D and 0020,000E)`,
      'A DICOM object that refers to them would lie in no study; write NIfTI instead.',
    );
  }
  if (!calibrated) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: its images do not say how large their pixels are (0028,0030)`,
      'A DICOM object would put the mask in a wrong place; write NIfTI instead.',
    );
  }
  return dicom;
}

/**
 * Checks that DICOM objects can be derived from a volume, before any work for them is done.
 *
 * @throws {ImageFormatError} `unsupported` for volumes that were not read from DICOM, and for images without a study, a
 *   series or a pixel size
 */
export function checkDicomOrigin(volume: Volume): void {
  originOf(volume);
}

/** A value of the source, empty where it has none. */
export function originValue(origin: DicomOrigin, tag: string): string {
  return origin.elements.get(tag)?.value ?? '';
}

/** Patient and study, as far as a derived object has to repeat them. */
export function patientAndStudy(origin: DicomOrigin, deidentify: boolean): Dataset {
  const copied = STRIPPED_ATTRIBUTES.flatMap(({ tag, vr }): Element[] => {
    const value = deidentify ? '' : originValue(origin, tag);
    return value === '' && OPTIONAL.includes(tag) ? [] : [[Number.parseInt(tag, 16), vr, value]];
  });
  return [...copied, [0x0020_000d, 'UI', originValue(origin, STUDY_UID)]];
}

/** The item of a referenced series sequence: the images, each once. */
export function seriesReference(origin: DicomOrigin, instanceSequence: number): Dataset {
  return [
    [instanceSequence, 'SQ', instancesOf(origin).map(instanceReference)],
    [0x0020_000e, 'UI', originValue(origin, SERIES_UID)],
  ];
}

/** The images of a source, each once: frames of one object share it. */
export function instancesOf(origin: DicomOrigin): DicomOrigin['slices'] {
  return [...new Map(origin.slices.map((slice) => [slice.sopInstanceUid, slice])).values()];
}

/** A reference to an object. */
export function instanceReference({
  sopClassUid,
  sopInstanceUid,
}: {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}): Dataset {
  return [
    [0x0008_1150, 'UI', sopClassUid],
    [0x0008_1155, 'UI', sopInstanceUid],
  ];
}
