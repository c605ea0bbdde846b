import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe } from 'vitest';
import { hasKernels } from '../src/kernels/index.js';

/** The backends that Node has without a native build, wasm also as in an engine that cannot run our kernels. */
export const BACKENDS = [
  { title: 'wasm', backend: 'wasm', ourKernels: true },
  { title: 'wasm without our kernels', backend: 'wasm', ourKernels: false },
  { title: 'cpu', backend: 'cpu', ourKernels: true },
] as const;

/** Runs the same tests on each backend. */
export function onEachBackend(body: (backend: 'wasm' | 'cpu') => void): void {
  for (const { title, backend, ourKernels } of BACKENDS) {
    describe(title, () => {
      beforeAll(async () => {
        tf.env().set('INFNET_WASM_KERNELS', ourKernels);
        if (!(await tf.setBackend(backend))) throw new Error(`${backend} did not start`);
        if (hasKernels() !== (backend === 'wasm' && ourKernels)) throw new Error(`not ${title}`);
        tf.engine().startScope();
      });
      afterAll(() => {
        tf.engine().endScope();
        tf.env().set('INFNET_WASM_KERNELS', true);
      });
      body(backend);
    });
  }
}
