import type { Quantities } from '@infnet/io-medical';
import type { PageCase } from '../report/page-data.js';

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
  readonly outputs: {
    readonly mask: string;
    readonly probability?: string;
    readonly overlays: readonly string[];
  };
  readonly seconds: {
    readonly read: number;
    readonly predict: number;
    readonly write: number;
    readonly total: number;
  };
  readonly warnings: readonly string[];
}

/** What a result depends on; `--continue` keeps a result only if this is the same. */
export interface CaseKey {
  readonly inputSha256: string;
  readonly modelSha256: string;
  readonly threshold: number;
  readonly size: number;
  readonly window: string | { readonly center: number; readonly width: number } | null;
  readonly probability: boolean;
}

/** The file `cases/NAME.json`. */
export interface CaseRecord {
  readonly format: 'infnet-case-1';
  readonly key: CaseKey;
  readonly result: CaseResult;
  readonly page: PageCase;
}

/** The record, if this is one and was made from the same input in the same way. */
export function matchingRecord(json: unknown, key: CaseKey): CaseRecord | undefined {
  const record = json as Partial<CaseRecord> | undefined;
  if (record?.format !== 'infnet-case-1') return undefined;
  return JSON.stringify(record.key) === JSON.stringify(key) ? (record as CaseRecord) : undefined;
}
