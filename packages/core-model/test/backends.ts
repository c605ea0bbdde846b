import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe } from 'vitest';

/** Runs the same tests on each backend that Node has without a native build. */
export function onEachBackend(body: (backend: 'wasm' | 'cpu') => void): void {
  for (const backend of ['wasm', 'cpu'] as const) {
    describe(backend, () => {
      beforeAll(async () => {
        if (!(await tf.setBackend(backend))) throw new Error(`${backend} did not start`);
        tf.engine().startScope();
      });
      afterAll(() => tf.engine().endScope());
      body(backend);
    });
  }
}
