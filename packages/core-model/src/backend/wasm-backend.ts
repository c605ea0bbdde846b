import { env } from '@tensorflow/tfjs-core';
import { hasKernels } from '../kernels/index.js';
import type { Backend } from './backend.js';

const importPackage = () => import('@tensorflow/tfjs-backend-wasm');

/** WebAssembly: everywhere, without installation. One thread in Node; in a browser more where the page is isolated. */
export const wasmBackend: Backend = {
  name: 'wasm',
  engineName: 'wasm',
  async load({ wasmPaths }) {
    const { setWasmPaths } = await importPackage();
    if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
  },
  async device() {
    const threads = (await importPackage()).getThreadsCount();
    const plain = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'without SIMD';
    const simd = hasKernels() ? 'relaxed SIMD' : plain;
    return `wasm ${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  },
};
