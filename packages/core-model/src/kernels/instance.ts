import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { BINARY } from './binary.js';

/** The kernels of packages/core-model/kernels; what they take are addresses in the memory of the wasm backend. */
export interface Kernels {
  readonly convolve: (job: number) => void;
  readonly convolveWinograd: (job: number) => void;
  readonly kernelGradient: (job: number) => void;
  readonly pack: (matrix: number, rows: number, columns: number, packed: number) => void;
  readonly packAdjoint: (
    kernel: number,
    taps: number,
    inputs: number,
    outputs: number,
    packed: number,
  ) => void;
  readonly copyChannels: (
    from: number,
    fromChannels: number,
    fromFirst: number,
    to: number,
    toChannels: number,
    toFirst: number,
    count: number,
    pixels: number,
  ) => void;
  readonly moments: (
    x: number,
    pixels: number,
    channels: number,
    sums: number,
    mean: number,
    variance: number,
  ) => void;
  readonly gradientMoments: (job: number) => void;
  readonly normInputGradient: (job: number) => void;
  readonly transformKernel: (packed: number, panels: number, channels: number, transformed: number) => void;
}

/** As much of WebAssembly's interface as is needed here; TypeScript declares it for browsers only. */
interface WebAssemblyEngine {
  readonly Memory: abstract new () => object;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly validate: (binary: Uint8Array) => boolean;
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyEngine };

/** A flag of TensorFlow.js's environment, for those who want the convolution that it brings along. */
const FLAG = 'INFNET_WASM_KERNELS';
tf.env().registerFlag(FLAG, () => true);

/** An instance for each wasm backend, in that backend's memory; undefined where there can be none. */
const instances = new WeakMap<BackendWasm, Kernels | undefined>();
let compiled: object | undefined;

/**
 * Kernels in the memory of the backend that computes now. Undefined where they do not run: on any backend but wasm, with
 * several threads (XNNPACK shares its work among them, these do not), in an engine without relaxed SIMD, and where the flag
 * says no.
 */
export function kernels(): Kernels | undefined {
  if (tf.getBackend() !== 'wasm' || !tf.env().getBool(FLAG)) return undefined;
  const backend = tf.backend() as BackendWasm;
  if (!instances.has(backend)) instances.set(backend, instantiate(backend));
  return instances.get(backend);
}

/** Whether there are kernels for the backend that computes now. */
export function hasKernels(): boolean {
  return kernels() !== undefined;
}

function instantiate({ wasm }: BackendWasm): Kernels | undefined {
  const { memory } = (wasm as unknown as { readonly asm?: { readonly memory?: unknown } }).asm ?? {};
  if (!(memory instanceof WebAssembly.Memory)) return undefined; // several threads keep theirs elsewhere
  const binary = Uint8Array.from(atob(BINARY), (letter) => letter.charCodeAt(0));
  if (!WebAssembly.validate(binary) && !allowRelaxedSimd(binary)) return undefined;
  compiled ??= new WebAssembly.Module(binary); // at once, which pages may do up to 8 MB
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernels;
}

/** Node 20 has relaxed SIMD behind a flag of V8, which it takes at any time before a module is compiled. */
function allowRelaxedSimd(binary: Uint8Array): boolean {
  const v8 = globalThis.process?.getBuiltinModule?.('node:v8');
  v8?.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(binary);
}
