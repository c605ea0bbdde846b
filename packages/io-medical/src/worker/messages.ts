import type { ImageErrorCode } from '../errors.js';
import type { ReadOptions } from '../read-options.js';
import type { NamedFile } from '../source/input.js';
import type { Volume } from '../volume.js';

/** What can be sent to a worker. Streams cannot: read them first. */
export type WorkerInput = string | URL | Uint8Array | ArrayBuffer | Blob | readonly NamedFile[];

/** What the worker is asked. */
export interface ReadRequest {
  readonly input: Exclude<WorkerInput, URL>;
  readonly options: Omit<ReadOptions, 'signal' | 'onProgress'>;
}

/** What it answers. */
export type ReadAnswer =
  | { readonly volume: Volume }
  | { readonly failure: { readonly code: ImageErrorCode; readonly message: string; readonly hint: string } };
