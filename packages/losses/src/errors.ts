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

/** @throws {LossError} unless `map`, called `what` in the message, is [B,H,W,C] and not empty. */
export function checkMap(map: tf.Tensor, what: string): void {
  if (map.shape.length === 4 && map.size > 0) return;
  throw new LossError(
    'invalid-shape',
    `${what} has shape [${map.shape.join(',')}]`,
    'give [batch, height, width, channels]',
  );
}

/** @throws {LossError} unless both are [B,H,W,C] of the same sides; `what` names the second in the message. */
export function checkPair(prediction: tf.Tensor, truth: tf.Tensor, what: string = 'the ground truth'): void {
  checkMap(prediction, 'the prediction');
  const [a, b] = [prediction.shape, truth.shape];
  if (a.length === b.length && a.every((side, i) => side === b[i])) return;
  throw new LossError(
    'shape-mismatch',
    `the prediction has shape [${a.join(',')}], ${what} [${b.join(',')}]`,
    `resize ${what} to the size of the prediction`,
  );
}
