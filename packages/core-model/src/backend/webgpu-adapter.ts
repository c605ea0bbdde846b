import { importOptional, inNode } from './optional-package.js';

/** What is used of the WebGPU interface; the full types clash between TypeScript's own and TensorFlow.js's. */
export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  readonly info?: GpuAdapterInfo;
  readonly isFallbackAdapter?: boolean;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GpuDevice>;
}

export interface GpuAdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  destroy(): void;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string } }) => void,
  ): void;
}

/** What is used of the `webgpu` package. */
interface Dawn {
  create(options: readonly string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

interface Navigator {
  gpu?: Gpu | undefined;
}

/** Set while this module's own `navigator.gpu` is in place. */
let raised = false;

/**
 * The browser's `navigator.gpu`; in Node the one of the `webgpu` package (Dawn), put in its place because
 * TensorFlow.js looks for it there. Undefined in a browser without WebGPU.
 */
export async function findGpu(): Promise<Gpu | undefined> {
  const place = globalThis as { navigator?: Navigator };
  if (place.navigator?.gpu !== undefined || !inNode()) return place.navigator?.gpu;
  const dawn = await importOptional<Dawn>('webgpu', 'webgpu');
  Object.assign(globalThis, dawn.globals); // GPUBufferUsage and the like
  if (place.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  Object.defineProperty(place.navigator, 'gpu', {
    value: dawn.create([]),
    configurable: true,
    writable: true,
  });
  raised = true;
  return place.navigator?.gpu;
}

/** Takes down what {@link findGpu} put up in Node: while it stands, the process may not end by itself. */
export function dropGpu(): void {
  if (!raised) return;
  delete (globalThis as { navigator?: Navigator }).navigator?.gpu;
  raised = false;
}

/** An adapter's names in one line: `nvidia lovelace, NVIDIA GeForce RTX 4090`. */
export function describeAdapter({ info = {} }: GpuAdapter): string {
  const chip = [info.vendor, info.architecture].filter(Boolean).join(' ');
  return [chip, info.description, info.device].filter(Boolean).join(', ') || 'unnamed adapter';
}
