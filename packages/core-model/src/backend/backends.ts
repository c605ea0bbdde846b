import { BackendError } from '../errors.js';
import type { Backend, BackendName } from './backend.js';
import { cpuBackend } from './cpu-backend.js';
import { wasmBackend } from './wasm-backend.js';

/** A backend that has its name and its place in the order, and that this version does not drive. */
function notSupported(name: BackendName): Backend {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new BackendError(
        'backend-not-supported',
        `backend "${name}" is not yet supported`,
        'Use "wasm", which runs everywhere, or "auto".',
      ),
    );
  return { name, engineName: name, load: refuse, device: refuse };
}

/** Every backend, in the order in which `auto` tries them: fastest first. */
export const BACKENDS: readonly Backend[] = [
  notSupported('cuda'),
  notSupported('node'),
  notSupported('webgpu'),
  notSupported('webgl'),
  wasmBackend,
  cpuBackend,
];
