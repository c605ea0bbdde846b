import type * as tf from '@tensorflow/tfjs-core';

/** What was wrong with the arguments of a loss. */
export type LossErrorCode = 'shape-mismatch' | 'invalid-shape' | 'invalid-option';

/** A loss was asked for with arguments that do not fit; `hint` says what to do. */
export class LossError extends Error {
  override readonly name: string = 'LossError';
  readonly code: LossErrorCode;
  readonly hint: string;

  constructor(code: LossErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** @throws {LossError} unless both are [B,H,W,C] of the same sides. */
export function checkPair(prediction: tf.Tensor, truth: tf.Tensor): void {
  const [a, b] = [prediction.shape, truth.shape];
  if (a.length !== 4 || prediction.size === 0) {
    throw new LossError(
      'invalid-shape',
      `the prediction has shape [${a.join(',')}]`,
      'give [batch, height, width, channels]',
    );
  }
  if (a.length !== b.length || a.some((side, i) => side !== b[i])) {
    throw new LossError(
      'shape-mismatch',
      `the prediction has shape [${a.join(',')}], the ground truth [${b.join(',')}]`,
      'resize the ground truth to the size of the prediction',
    );
  }
}
