import * as tf from '@tensorflow/tfjs-core';
import { BackendError } from '../errors.js';
import type { Backend, BackendName } from './backend.js';
import { importOptional, inNode } from './optional-package.js';

/** The name that both native packages register under: only one of them can be in place at a time. */
const ENGINE_NAME = 'tensorflow';

/** What is used of `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu`. */
interface NativePackage {
  readonly version: Readonly<Record<string, string>>;
}

/** What is used of their backend object. */
interface NativeEngine {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** The factory that each package registered when it was first imported. */
const factories = new Map<string, ReturnType<typeof tf.findBackendFactory>>();

/** TensorFlow's own library on the processor. The user installs `@tensorflow/tfjs-node`. */
export const nodeBackend: Backend = nativeBackend('node', '@tensorflow/tfjs-node');

/** TensorFlow's own library on an NVIDIA GPU. The user installs `@tensorflow/tfjs-node-gpu`, CUDA and cuDNN. */
export const cudaBackend: Backend = nativeBackend('cuda', '@tensorflow/tfjs-node-gpu');

function nativeBackend(name: BackendName & ('node' | 'cuda'), packageName: string): Backend {
  return {
    name,
    engineName: ENGINE_NAME,
    async load() {
      if (factories.has(packageName) && tf.findBackendFactory(ENGINE_NAME) === factories.get(packageName)) {
        return checkDevice(name);
      }
      if (tf.findBackendFactory(ENGINE_NAME)) tf.removeBackend(ENGINE_NAME);
      if (factories.has(packageName)) tf.registerBackend(ENGINE_NAME, factories.get(packageName)!, 3);
      else await firstImport(name, packageName);
      await checkDevice(name);
    },
    async device() {
      const { binding, isUsingGpuDevice } = engine();
      const what = isUsingGpuDevice ? await nvidiaName() : `processor, ${cores()} cores`;
      return `libtensorflow ${binding.TF_Version}, ${what}`;
    },
  };
}

async function firstImport(name: BackendName, packageName: string): Promise<void> {
  if (inNode()) preparePlace();
  const { version } = await importOptional<NativePackage>(name, packageName);
  const theirs = version['tfjs-core'];
  if (theirs !== tf.version_core) {
    throw new BackendError(
      'backend-unavailable',
      `backend "${name}": ${packageName} ${theirs} does not fit @tensorflow/tfjs-core ${tf.version_core}`,
      `Install ${packageName}@${tf.version_core}.`,
    );
  }
  factories.set(packageName, tf.findBackendFactory(ENGINE_NAME));
}

function preparePlace(): void {
  // tfjs-node 4.22 calls this function in places; Node 23 took it away.
  const util = process.getBuiltinModule('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // libtensorflow writes notices on stderr; errors only, unless the user wants them.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}

/** The GPU package runs on the processor, without a word, where it finds no GPU. */
async function checkDevice(name: BackendName): Promise<void> {
  if (name !== 'cuda') return;
  if (!(await tf.setBackend(ENGINE_NAME)) || !engine().isUsingGpuDevice) {
    tf.removeBackend(ENGINE_NAME);
    throw new BackendError(
      'no-adapter',
      'backend "cuda": TensorFlow finds no NVIDIA GPU that it can use',
      'Check nvidia-smi, and that the CUDA and cuDNN libraries that tfjs-node-gpu wants are on the library path; ' +
        'TF_CPP_MIN_LOG_LEVEL=0 makes TensorFlow say which it misses.',
    );
  }
}

function engine(): NativeEngine {
  return tf.backend() as unknown as NativeEngine;
}

function cores(): number {
  return process.getBuiltinModule('node:os').availableParallelism();
}

/** The first GPU's name as Linux's NVIDIA driver tells it. */
async function nvidiaName(): Promise<string> {
  const { readdir, readFile } = process.getBuiltinModule('node:fs/promises');
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const [first] = await readdir(folder);
    const information = await readFile(`${folder}/${first}/information`, 'utf8');
    return /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim() ?? 'NVIDIA GPU';
  } catch {
    return 'NVIDIA GPU';
  }
}
