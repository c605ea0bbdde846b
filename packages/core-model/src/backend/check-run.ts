import * as tf from '@tensorflow/tfjs-core';
import { BackendLimitError } from '../errors.js';
import { type BackendLimits, backendLimits } from './limits.js';

/** How much is put through a network at once. */
export interface RunSize {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** How a run treats the tensors between its ops: frees them, keeps them for the gradient, or keeps some and recomputes. */
export type RunKind = 'predict' | 'train' | 'train-recomputing';

/** What a run takes besides the tensors that are there already, in bytes. */
export interface RunNeed {
  /** All its tensors at its peak. */
  readonly totalBytes: number;
  /** Its largest tensor. */
  readonly tensorBytes: number;
}

/** Sides that are suggested are multiples of this. */
const SIDE_STEP = 32;

/**
 * Finds out before a run whether the backend in use can hold it: afterwards it would be a broken heap, a lost device or,
 * on a GPU, zeros. An estimate: a run that passes may still fail, where the limits of a device are not told.
 *
 * @param needOf what a run of a size takes; it grows with each side of it
 * @throws BackendLimitError when it does not fit, with a hint at what would
 */
export function checkRun(
  needOf: (size: RunSize) => RunNeed,
  size: RunSize,
  limits: BackendLimits = backendLimits(),
): void {
  const excess = excessOf(needOf(size), limits);
  if (excess === undefined) return;
  const { batch, height, width } = size;
  const several = limits.threads !== undefined && limits.threads > 1;
  const each = several ? ` for each of ${limits.threads} threads` : '';
  throw new BackendLimitError(
    `${batch} images of ${height}x${width} need ${excess.what} of about ${mebibytes(excess.needed)} on "${tf.getBackend()}", ` +
      `which has ${mebibytes(excess.limit)}${each}`,
    hintFor((smaller) => excessOf(needOf(smaller), limits) === undefined, size, several ? ' in each' : ''),
    excess,
  );
}

function excessOf(
  { totalBytes, tensorBytes }: RunNeed,
  limits: BackendLimits,
): { what: string; needed: number; limit: number } | undefined {
  const { tensorBytes: tensorLimit = Infinity, totalBytes: totalLimit = Infinity } = limits;
  if (tensorBytes > tensorLimit) return { what: 'a tensor', needed: tensorBytes, limit: tensorLimit };
  const needed = tf.engine().state.numBytes + totalBytes; // tf.memory() would ask the backend
  return needed > totalLimit ? { what: 'memory', needed, limit: totalLimit } : undefined;
}

function hintFor(fits: (size: RunSize) => boolean, { batch, height, width }: RunSize, where: string): string {
  for (let smaller = batch - 1; smaller > 0; smaller--) {
    if (fits({ batch: smaller, height, width })) return `Take at most ${smaller} at once${where}.`;
  }
  for (let side = Math.max(height, width) - SIDE_STEP; side > 0; side -= SIDE_STEP) {
    const scale = side / Math.max(height, width);
    const sides = [height, width].map((full) => Math.ceil((full * scale) / SIDE_STEP) * SIDE_STEP);
    const [smallHeight, smallWidth] = sides as [number, number];
    if (fits({ batch: 1, height: smallHeight, width: smallWidth })) {
      return `Take one image at a time, of at most ${smallHeight}x${smallWidth}.`;
    }
  }
  return 'Free tensors, or take a smaller network or another backend.';
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
