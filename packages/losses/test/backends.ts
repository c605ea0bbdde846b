import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect } from 'vitest';

/** Runs the same tests on each backend that Node has without a native build. */
export function onEachBackend(body: () => void): void {
  describe.each(['wasm', 'cpu'])('%s', (backend) => {
    beforeAll(async () => {
      if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend)
        throw new Error(`${backend} did not start`);
    });
    body();
  });
}

/** A scalar loss of one map. */
export type Loss = (prediction: tf.Tensor4D) => tf.Scalar;

/** Value and gradient of a loss as plain numbers, the gradient in NHWC order. */
export async function evaluate(
  loss: Loss,
  at: tf.Tensor4D,
): Promise<{ value: number; gradient: Float32Array }> {
  const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor4D))(at);
  const result = { value: (await value.data())[0]!, gradient: (await grad.data()) as Float32Array };
  tf.dispose([value, grad]);
  return result;
}

/** Each value within `tolerance` times the largest expected one. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  }
  expect(worst).toBeLessThanOrEqual(tolerance * largest);
}

/** Checks the closed-form gradient at `at` against central differences of `exact`, the loss written in double precision. */
export async function expectGradient(
  loss: Loss,
  at: tf.Tensor4D,
  exact: (x: Float64Array) => number,
): Promise<void> {
  const { value, gradient } = await evaluate(loss, at);
  const x = Float64Array.from(await at.data());
  const slopes = x.map((centre, i) => {
    const shifted = (by: number): number => exact(x.with(i, centre + by));
    return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
  });
  expect(value).toBeCloseTo(exact(x), 5);
  expectClose(gradient, slopes, 1e-4);
}
