import type { ImageCheck } from '../checks/image-check.js';
import type { OutputFormat } from '../encode-volume.js';
import type { ImageErrorCode } from '../errors.js';
import type { Quantities } from '../quantify/quantify.js';
import type { ReadOptions, ReadProgress } from '../read-options.js';
import type { ProbabilityMap, Slice, SliceOptions } from '../slices.js';
import type { NamedFile } from '../source/input.js';
import type { Volume } from '../volume.js';

/** What can be sent to a worker. Streams cannot: read them first. */
export type WorkerInput = string | URL | Uint8Array | ArrayBuffer | Blob | readonly NamedFile[];

/** A volume without what is heavy or names a patient. */
export interface VolumeAbout extends Omit<Volume, 'voxels' | 'dicom' | 'header'> {
  /** Type of the voxels, such as `int16`. */
  readonly voxelType: string;
  /** Axial slices. */
  readonly slices: number;
  /** What looks wrong with it, see `checkVolume`. */
  readonly checks: readonly ImageCheck[];
}

/** A mask in figures. */
export interface Measurement {
  readonly quantities: Quantities;
  /** What looks wrong with the lungs that were found, or with the mask. */
  readonly checks: readonly ImageCheck[];
}

interface ReadRequest {
  readonly input: Exclude<WorkerInput, URL>;
  readonly options: Omit<ReadOptions, 'signal' | 'onProgress'>;
}

interface EncodeRequest {
  readonly format: OutputFormat;
  readonly description?: string;
}

/** What the worker is asked, and what it answers. One volume at a time: `open` comes first. */
export interface WorkerCalls {
  /** Reads an image and gives it away. */
  read(request: ReadRequest): Volume;
  /** Reads an image and keeps it. */
  open(request: ReadRequest): VolumeAbout;
  /** Begins anew at the lowest slice. */
  startSlices(options: SliceOptions): void;
  nextSlice(): Slice | undefined;
  /** Keeps the probabilities of a slice. */
  keepMap(request: { readonly index: number; readonly map: ProbabilityMap }): void;
  measure(request: { readonly threshold: number }): Measurement;
  encodeMask(request: EncodeRequest & { readonly threshold: number }): Uint8Array;
  encodeLevels(request: EncodeRequest): Uint8Array;
  encodeVolume(request: EncodeRequest): Uint8Array;
}

/** A name of {@link WorkerCalls}. */
export type WorkerCall = keyof WorkerCalls;

/** What a call takes. */
export type Asked<Call extends WorkerCall> = Parameters<WorkerCalls[Call]>[0];

/** What a call gives. */
export type Answered<Call extends WorkerCall> = ReturnType<WorkerCalls[Call]>;

/** A call on its way; before all calls, the name of a lock to hold as long as the worker lives. */
export type ToWorker =
  | { readonly id: number; readonly call: WorkerCall; readonly request: unknown }
  | { readonly lifeLine: string };

/** An answer on its way, or news of a reading that goes on. */
export type FromWorker =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly progress: ReadProgress }
  | { readonly holds: string };

/** An error, as it travels between threads. */
export interface Failure {
  readonly code: ImageErrorCode;
  readonly message: string;
  readonly hint: string;
}
