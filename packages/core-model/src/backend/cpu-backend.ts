import type { Backend } from './backend.js';

/** Plain JavaScript: everywhere, some thirty times slower than wasm. For tests and as a last resort. */
export const cpuBackend: Backend = {
  name: 'cpu',
  engineName: 'cpu',
  async load() {
    await import('@tensorflow/tfjs-backend-cpu');
  },
  device: () => Promise.resolve('plain JavaScript, 1 thread'),
};
