import type { SelectedBackend } from '@infnet/core-model';
import { CliError } from '../errors.js';
import type { WindowChoice } from '../options.js';
import type { DicomChoice } from './case-result.js';
import { checkWindow } from './check-window.js';

/** Options of `infnet segment`. */
export interface SegmentOptions {
  readonly output: string;
  readonly model?: string;
  /** File of a network that tells classes of infection apart. */
  readonly multiClass?: string;
  readonly backend: string;
  readonly threshold: number;
  readonly size?: number;
  readonly window?: WindowChoice;
  readonly saveProbability?: boolean;
  /** Ending of masks of volumes. Default `nii.gz`. */
  readonly format?: string;
  /** File or folder of lung masks; `false` for none. By default lungs are found by density. */
  readonly lungMask?: string | boolean;
  /** Also write the mask as DICOM SEG and the figures as a DICOM report. */
  readonly dicom?: boolean;
  /** Leave the patient out of these. */
  readonly deidentify?: boolean;
  /** File of a slice gate: slices that it calls healthy have an empty mask. */
  readonly gate?: string;
  /** Probability of infection below which a slice counts as healthy. Default 0.5. */
  readonly gateThreshold?: number;
  /** Segment series with missing slices too. */
  readonly allowUneven?: boolean;
  /** Whether the inputs are scans of one patient, in order of time. */
  readonly compare?: boolean;
  readonly overwrite?: boolean;
  readonly continue?: boolean;
  /** Slices segmented at the same time, each in a worker of its own. 0, or left out: in this thread. */
  readonly workers?: number;
}

/** @throws CliError `usage` for a window that is none, and for options that do not go together */
export function checkOptions(options: SegmentOptions): void {
  checkWindow(options.window);
  checkDicomChoice(options);
  checkGateChoice(options);
}

function checkDicomChoice({ dicom, deidentify }: SegmentOptions): void {
  if (deidentify !== true || dicom === true) return;
  throw new CliError(
    'usage',
    '--deidentify is about the objects that --dicom writes',
    'add --dicom, or leave it out: masks and reports name no patient',
  );
}

function checkGateChoice({ gate, gateThreshold, multiClass }: SegmentOptions): void {
  if (gate !== undefined && multiClass !== undefined) {
    throw new CliError('usage', '--gate does not go with --multi-class', 'leave one of them out');
  }
  if (gateThreshold === undefined || gate !== undefined) return;
  throw new CliError(
    'usage',
    '--gate-threshold is about the slice gate of --gate',
    'name the gate with --gate, or leave it out',
  );
}

/** What is written as DICOM. */
export function dicomChoice({ dicom = false, deidentify = false }: SegmentOptions): DicomChoice {
  if (!dicom) return 'none';
  return deidentify ? 'deidentified' : 'full';
}

/**
 * The workers that were asked for.
 *
 * @throws CliError `usage` where a GPU computes, which wants batches and no workers
 */
export function workersOf(
  { workers = 0 }: Pick<SegmentOptions, 'workers'>,
  { name }: SelectedBackend,
): { readonly workers?: number; readonly backend?: 'wasm' | 'cpu' } {
  if (workers === 0) return { workers };
  if (name === 'wasm' || name === 'cpu') return { workers, backend: name };
  throw new CliError(
    'usage',
    `--workers is for the backends wasm and cpu, not ${name}`,
    'leave --workers out: there, slices go through the network in batches; or pass --backend wasm',
  );
}
