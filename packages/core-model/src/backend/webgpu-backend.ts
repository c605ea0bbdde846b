import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../errors.js';
import type { Backend } from './backend.js';
import { inNode } from './optional-package.js';
import { isSoftwareAdapter, softwareAdapter } from './software-adapter.js';
import { hasVulkanDriver } from './vulkan-driver.js';
import { describeAdapter, dropGpu, findGpu, type GpuAdapter, type GpuDevice } from './webgpu-adapter.js';

const NAME = 'webgpu';

/** What TensorFlow.js asks of an adapter: as much of these as there is. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

/** The device that the registered backend computes on. */
let open: { readonly device: GpuDevice; readonly description: string } | undefined;

/** Why the device of before is gone. */
let loss: string | undefined;

/**
 * What to throw in the place of an error, where the device was lost meanwhile: whatever op met that first says something
 * of its own.
 */
export function lostDevice(cause: unknown): BackendError | undefined {
  if (loss === undefined) return undefined;
  return new BackendError(
    'device-failed',
    `the GPU was lost: ${loss}`,
    'Start again; if it happens again, use "wasm". A driver that crashed, or a machine that slept, does this.',
    { cause },
  );
}

/**
 * The GPU through WebGPU: in browsers, and in Node through the `webgpu` package. Registers the backend of
 * `@tensorflow/tfjs-backend-webgpu` with two faults mended: a synchronous read, which gives wrong numbers there, is
 * refused; and a device that runs out of memory, which shows as zeros there, fails the read of the result.
 */
export const webgpuBackend: Backend = {
  name: NAME,
  engineName: NAME,
  async load({ acceptSoftware }) {
    const adapter = await findAdapter();
    const description = describeAdapter(adapter);
    const software =
      adapter.isFallbackAdapter === true ||
      adapter.info?.isFallbackAdapter === true ||
      isSoftwareAdapter(description);
    if (software && !acceptSoftware) throw softwareAdapter(NAME, description);
    if (NAME in tf.engine().registry) return; // tensors live on its device
    await register(adapter, software ? `software: ${description}` : description);
  },
  device: () => Promise.resolve(open?.description ?? 'a device that another program opened'),
  close() {
    open?.device.destroy();
    open = undefined;
    dropGpu();
  },
};

async function findAdapter(): Promise<GpuAdapter> {
  const gpu = await findGpu();
  if (gpu === undefined) {
    throw new BackendError(
      'backend-not-supported',
      'backend "webgpu": this browser, or this page, has no WebGPU',
      'Serve the page by https or from localhost, or use "auto".',
    );
  }
  const present = !inNode() || (await hasVulkanDriver());
  const adapter = present ? await gpu.requestAdapter({ powerPreference: 'high-performance' }) : null;
  if (adapter) return adapter;
  dropGpu();
  throw new BackendError(
    'no-adapter',
    'backend "webgpu" finds no GPU',
    'Check that a driver for Vulkan, Metal or Direct3D 12 is installed, or use "auto".',
  );
}

async function register(adapter: GpuAdapter, description: string): Promise<void> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]!])),
  });
  // The package registers a factory of its own when imported, which opens whatever adapter there is.
  if (tf.findBackendFactory(NAME)) tf.removeBackend(NAME);
  tf.registerBackend(
    NAME,
    () => mend(new WebGPUBackend(device as never, (adapter.info ?? {}) as never), device),
    3,
  );
  const opened = { device, description };
  open = opened;
  loss = undefined;
  void device.lost.then(({ message }) => {
    if (open !== opened) return undefined;
    open = undefined;
    loss = message || 'the browser gives no reason';
    tf.removeBackend(NAME);
    return undefined;
  });
}

type StockBackend = InstanceType<typeof import('@tensorflow/tfjs-backend-webgpu').WebGPUBackend>;

function mend(backend: StockBackend, device: GpuDevice): StockBackend {
  let fault: string | undefined;
  device.addEventListener('uncapturederror', ({ error }) => (fault ??= error.message));
  const read = backend.read.bind(backend);
  const readSync = backend.readSync.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (fault === undefined) return values;
    const message = fault;
    fault = undefined;
    throw new BackendError(
      'device-failed',
      `the GPU could not do what was asked of it: ${message.split('\n')[0]}`,
      'Most often its memory is too small: take smaller batches or images.',
    );
  };
  backend.readSync = (dataId) => {
    if (backend.tensorMap.get(dataId).values != null) return readSync(dataId);
    throw new BackendError(
      'synchronous-read',
      'the memory of a GPU cannot be read synchronously',
      'Use await tensor.data() in place of dataSync().',
    );
  };
  return backend;
}
