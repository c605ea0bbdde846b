import type { DatasetPart, ImageCheck, SliceCrop } from '@infnet/io-medical';

/** Folder of a data set: labelled volumes by part, the others together. */
export type DatasetFolder = DatasetPart | 'unlabelled';

/** What the slices of a volume depend on; `--continue` keeps them only if this is the same. */
export interface DatasetKey {
  readonly volumeSha256: string;
  readonly maskSha256: string | null;
  /** `auto`, `none`, or the hash of the lung mask that was given. */
  readonly lungs: string;
  readonly folder: DatasetFolder;
  readonly window: string | { readonly center: number; readonly width: number } | null;
  readonly marginMm: number;
  readonly leastLung: number;
  readonly every: number;
  readonly labels: boolean;
  readonly edges: boolean;
}

/** One slice that was written. Paths are relative to the data set. */
export interface DatasetSlice {
  /** Number of the slice in its volume, from the feet up, from 1. */
  readonly slice: number;
  readonly crop: SliceCrop;
  /** Files with their SHA-256. */
  readonly files: Readonly<Record<string, string>>;
  /** Infected pixels; absent where the volume has no mask. */
  readonly infectedPixels?: number;
}

/** The file `cases/NAME.json`: one volume, there only when all its slices are. */
export interface DatasetCase {
  readonly format: 'infnet-dataset-case-1';
  readonly key: DatasetKey;
  readonly name: string;
  /** Name of the input; absent in an anonymous data set. */
  readonly input?: string;
  readonly slicesInVolume: number;
  readonly lungMethod?: string;
  readonly checks: readonly ImageCheck[];
  readonly warnings: readonly string[];
  readonly slices: readonly DatasetSlice[];
}

/** The record, whatever it was made with, or undefined where it is none. */
export function asDatasetCase(json: unknown): DatasetCase | undefined {
  const record = json as Partial<DatasetCase> | undefined;
  return record?.format === 'infnet-dataset-case-1' && Array.isArray(record.slices)
    ? (record as DatasetCase)
    : undefined;
}
