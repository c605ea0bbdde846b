import type { Dataset } from './elements.js';

/** A term of a coding scheme. */
export interface CodedConcept {
  /** At most 16 characters. */
  readonly value: string;
  /** `SCT` SNOMED CT, `DCM` DICOM (PS3.16), `UCUM` units, or a private scheme that starts with `99`. */
  readonly scheme: string;
  /** At most 64 characters. */
  readonly meaning: string;
}

/** What a segment or a finding is, in coded terms: category, type, and where in the body it lies. */
export interface CodedKind {
  readonly label: string;
  readonly category: CodedConcept;
  readonly type: CodedConcept;
  readonly site?: CodedConcept;
  /** Colour that viewers should show it in, red, green and blue 0..255. */
  readonly colour: readonly [number, number, number];
}

/** A term of SNOMED CT. */
const sct = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'SCT', meaning });
/** A term that DICOM itself defines (PS3.16 annex D). */
export const dcm = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'DCM', meaning });

/** PS3.16 CID 7150. */
const ALTERED_STRUCTURE = sct('49755003', 'Morphologically Abnormal Structure');
const ANATOMICAL_STRUCTURE = sct('123037004', 'Anatomical Structure');

/** The lungs (PS3.16 CID 4031 and 7155). */
const LUNG: CodedConcept = sct('39607008', 'Lung');

/** Name of one of {@link SEGMENT_KINDS}. */
export type SegmentKind = 'infection' | 'covid19' | 'groundGlass' | 'consolidation' | 'lung';

/**
 * Kinds of segments by short names. Ground glass has its code in DICOM (PS3.16 CID 6104); the others in SNOMED CT. `covid19`
 * names the disease, which no picture proves: use it where it is known.
 */
export const SEGMENT_KINDS: Readonly<Record<SegmentKind, CodedKind>> = {
  infection: {
    label: 'Lung infection',
    category: ALTERED_STRUCTURE,
    type: sct('233604007', 'Pneumonia'),
    site: LUNG,
    colour: [230, 60, 60],
  },
  covid19: {
    label: 'COVID-19 lung infection',
    category: ALTERED_STRUCTURE,
    type: sct('840539006', 'COVID-19'),
    site: LUNG,
    colour: [230, 60, 60],
  },
  groundGlass: {
    label: 'Ground-glass opacity',
    category: ALTERED_STRUCTURE,
    type: dcm('112120', 'Ground glass opacity'),
    site: LUNG,
    colour: [255, 196, 0],
  },
  consolidation: {
    label: 'Consolidation',
    category: ALTERED_STRUCTURE,
    type: sct('95436008', 'Lung consolidation'),
    site: LUNG,
    colour: [200, 30, 80],
  },
  lung: { label: 'Lung', category: ANATOMICAL_STRUCTURE, type: LUNG, colour: [120, 180, 255] },
};

/** Terms that reports need (PS3.16, TID 1500 and what it includes). */
export const CONCEPT = {
  measurementReport: { value: '126000', scheme: 'DCM', meaning: 'Imaging Measurement Report' },
  language: { value: '121049', scheme: 'DCM', meaning: 'Language of Content Item and Descendants' },
  english: { value: 'en-US', scheme: 'RFC5646', meaning: 'English (United States)' },
  observerType: { value: '121005', scheme: 'DCM', meaning: 'Observer Type' },
  device: { value: '121007', scheme: 'DCM', meaning: 'Device' },
  deviceUid: { value: '121012', scheme: 'DCM', meaning: 'Device Observer UID' },
  deviceName: { value: '121013', scheme: 'DCM', meaning: 'Device Observer Name' },
  deviceManufacturer: { value: '121014', scheme: 'DCM', meaning: 'Device Observer Manufacturer' },
  deviceModel: { value: '121015', scheme: 'DCM', meaning: 'Device Observer Model Name' },
  procedure: { value: '121058', scheme: 'DCM', meaning: 'Procedure reported' },
  ctOfChest: { value: '169069000', scheme: 'SCT', meaning: 'CT of chest' },
  imageLibrary: { value: '111028', scheme: 'DCM', meaning: 'Image Library' },
  imageLibraryGroup: { value: '126200', scheme: 'DCM', meaning: 'Image Library Group' },
  modality: { value: '121139', scheme: 'DCM', meaning: 'Modality' },
  imagingMeasurements: { value: '126010', scheme: 'DCM', meaning: 'Imaging Measurements' },
  measurementGroup: { value: '125007', scheme: 'DCM', meaning: 'Measurement Group' },
  trackingIdentifier: { value: '112039', scheme: 'DCM', meaning: 'Tracking Identifier' },
  trackingUid: { value: '112040', scheme: 'DCM', meaning: 'Tracking Unique Identifier' },
  finding: { value: '121071', scheme: 'DCM', meaning: 'Finding' },
  findingSite: { value: '363698007', scheme: 'SCT', meaning: 'Finding Site' },
  referencedSegment: { value: '121191', scheme: 'DCM', meaning: 'Referenced Segment' },
  sourceSeries: { value: '121232', scheme: 'DCM', meaning: 'Source series for segmentation' },
  comment: { value: '121106', scheme: 'DCM', meaning: 'Comment' },
  volume: { value: '118565006', scheme: 'SCT', meaning: 'Volume' },
  attenuation: { value: '112031', scheme: 'DCM', meaning: 'Attenuation Coefficient' },
  derivation: { value: '121401', scheme: 'DCM', meaning: 'Derivation' },
  mean: { value: '373098007', scheme: 'SCT', meaning: 'Mean' },
  segmentation: { value: '113076', scheme: 'DCM', meaning: 'Segmentation' },
  sourceImage: { value: '121322', scheme: 'DCM', meaning: 'Source image for image processing operation' },
  /** No scheme that DICOM names has a term for this share. */
  shareOfLung: { value: 'SHAREOFLUNG', scheme: '99INFNET', meaning: 'Volume as share of lung volume' },
} as const;

/** Units (PS3.16 CID 7181). */
export const UNIT = {
  millilitre: { value: 'ml', scheme: 'UCUM', meaning: 'milliliter' },
  percent: { value: '%', scheme: 'UCUM', meaning: 'Percent' },
  hounsfield: { value: "[hnsf'U]", scheme: 'UCUM', meaning: 'Hounsfield unit' },
} as const;

/** A term as the item of a code sequence. */
export function codeItem({ value, scheme, meaning }: CodedConcept): Dataset {
  return [
    [0x0008_0100, 'SH', value],
    [0x0008_0102, 'SH', scheme],
    [0x0008_0104, 'LO', meaning],
  ];
}
