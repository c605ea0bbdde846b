import type { ImageCheck, Quantities } from '@infnet/io-medical';
import type { PageCase } from '../report/page-data.js';
import type { ClassResult } from './class-results.js';
import type { GateFinding } from './gate-finding.js';

/** Which DICOM objects are written: none, or a segmentation and a report, with the patient or without. */
export type DicomChoice = 'none' | 'full' | 'deidentified';

/** What was found in one input, for report.json. Paths are relative to the result folder. */
export interface CaseResult {
  readonly input: string;
  readonly sha256: string;
  readonly format: string;
  readonly dims: readonly number[];
  /** Millimetres between voxels along each axis; absent where the file gives none. */
  readonly spacingMm?: readonly number[];
  readonly unit: string;
  /** Grey window that the network saw, in words. */
  readonly window: string;
  readonly quantities: Quantities;
  /** With a multi-class model: each class as a mask of its own. */
  readonly classes?: readonly ClassResult[];
  /** With `--gate` only. */
  readonly gate?: GateFinding;
  readonly outputs: {
    readonly mask: string;
    /** The lungs that shares refer to, 1 right and 2 left; absent where there are none or they were given. */
    readonly lungs?: string;
    readonly probability?: string;
    /** Label map of the classes, 0 for none of them. */
    readonly labels?: string;
    /** Probability maps by the name of the class. */
    readonly classProbabilities?: Readonly<Record<string, string>>;
    /** The mask as DICOM SEG and its figures as a DICOM report; with `--dicom` only. */
    readonly segmentation?: string;
    readonly measurements?: string;
    /** The classes as DICOM SEG, one segment each, and their figures as a DICOM report. */
    readonly classDicom?: { readonly segmentation: string; readonly measurements: string };
    readonly overlays: readonly string[];
  };
  readonly seconds: {
    readonly read: number;
    readonly predict: number;
    /** Finding the lungs and measuring. */
    readonly measure: number;
    readonly write: number;
    readonly total: number;
  };
  /** What the file leaves open and was filled in. */
  readonly assumed: readonly string[];
  readonly warnings: readonly string[];
  /** What looks wrong with the input or with what was found, see `checkVolume` of @infnet/io-medical. */
  readonly checks: readonly ImageCheck[];
}

/** What a result depends on; `--continue` keeps a result only if this is the same. */
export interface CaseKey {
  readonly inputSha256: string;
  readonly modelSha256: string;
  readonly threshold: number;
  readonly size: number;
  readonly window: string | { readonly center: number; readonly width: number } | null;
  readonly probability: boolean;
  /** `auto`, `none`, or the hash of the lung mask that was given. */
  readonly lungs: string;
  /** Ending of masks of volumes. */
  readonly format: string;
  /** Hash of the multi-class model; absent without one. */
  readonly labellerSha256?: string;
  readonly dicom: DicomChoice;
  /** Null without a slice gate. */
  readonly gate: { readonly sha256: string; readonly threshold: number } | null;
}

/** The file `cases/NAME.json`. */
export interface CaseRecord {
  readonly format: 'infnet-case-2';
  readonly key: CaseKey;
  readonly result: CaseResult;
  readonly page: PageCase;
}

/** The record, if this is one and was made from the same input in the same way. */
export function matchingRecord(json: unknown, key: CaseKey): CaseRecord | undefined {
  const record = json as Partial<CaseRecord> | undefined;
  if (record?.format !== 'infnet-case-2') return undefined;
  return JSON.stringify(record.key) === JSON.stringify(key) ? (record as CaseRecord) : undefined;
}
