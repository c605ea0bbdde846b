import type { Backend } from './backend.js';
import { cpuBackend } from './cpu-backend.js';
import { cudaBackend, nodeBackend } from './native-backend.js';
import { wasmBackend } from './wasm-backend.js';
import { webglBackend } from './webgl-backend.js';
import { webgpuBackend } from './webgpu-backend.js';

/** Every backend, in the order in which `auto` tries them: fastest first. */
export const BACKENDS: readonly Backend[] = [
  cudaBackend,
  nodeBackend,
  webgpuBackend,
  webglBackend,
  wasmBackend,
  cpuBackend,
];
