import * as tf from '@tensorflow/tfjs-core';
import type { BackendErrorCode } from '../errors.js';
import { BackendError } from '../errors.js';
import type { BackendName, BackendOptions } from './backend.js';
import { BACKENDS } from './backends.js';
import { backendLimits, type BackendLimits } from './limits.js';
import { selectBackend } from './select-backend.js';

/** What one backend is good for here. */
export type BackendDiagnosis =
  | {
      readonly name: BackendName;
      readonly works: true;
      readonly device: string;
      readonly limits: BackendLimits;
    }
  | {
      readonly name: BackendName;
      readonly works: false;
      readonly code: BackendErrorCode;
      readonly reason: string;
      readonly hint: string;
    };

/** What a maintainer asks for first; plain JSON, with no path and nothing of the user's data. */
export interface Diagnostics {
  /** TensorFlow.js. */
  readonly tensorflow: string;
  /** The backend in use before, if any. */
  readonly inUse?: string;
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Every backend, in the order in which `auto` tries them. */
  readonly backends: readonly BackendDiagnosis[];
}

/** Which backends to look at, and how. */
export interface DiagnosticsOptions extends BackendOptions {
  /** Default: all of them. */
  readonly backends?: readonly BackendName[];
}

/**
 * Starts every backend in turn, says what each computes on or why it does not, and goes back to the one that was in use.
 * A GPU imitated in software is reported as such.
 */
export async function diagnostics(options: DiagnosticsOptions = {}): Promise<Diagnostics> {
  const inUse = tf.getBackend() as string | null;
  const { numTensors, numBytes } = tf.engine().state; // tf.memory() wants a backend
  const wanted = options.backends ?? BACKENDS.map(({ name }) => name);
  const backends: BackendDiagnosis[] = [];
  for (const name of wanted) backends.push(await diagnose(name, options, inUse));
  if (inUse) await tf.setBackend(inUse);
  return {
    tensorflow: tf.version_core,
    ...(inUse ? { inUse } : {}),
    tensors: numTensors,
    tensorBytes: numBytes,
    backends,
  };
}

async function diagnose(
  name: BackendName,
  options: BackendOptions,
  inUse: string | null,
): Promise<BackendDiagnosis> {
  try {
    const { device, close } = await selectBackend(name, options);
    const limits = backendLimits();
    if (tf.getBackend() !== inUse) close();
    return { name, works: true, device, limits };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { name, works: false, code: error.code, reason: error.message, hint: error.hint };
  }
}
