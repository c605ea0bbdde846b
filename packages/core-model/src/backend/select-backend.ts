import * as tf from '@tensorflow/tfjs-core';
import { BackendError, type BackendErrorCode } from '../errors.js';
import { BACKENDS } from './backends.js';
import type { Backend, BackendName, BackendOptions, LoadRequest } from './backend.js';
import { withoutFolders } from './optional-package.js';

/** A backend that was passed over, and why. */
export interface SkippedBackend {
  readonly name: BackendName;
  readonly code: BackendErrorCode;
  readonly reason: string;
}

/** The backend that TensorFlow.js now computes with. */
export interface SelectedBackend {
  readonly name: BackendName;
  /** What it computes on, for people: `wasm relaxed SIMD, 1 thread`. */
  readonly device: string;
  /** What was tried before it, in order. */
  readonly tried: readonly SkippedBackend[];
  /**
   * Gives the backend up: its tensors are lost, and a GPU device is closed (in Node an open one may keep the process from
   * ending). It can be selected again. May be called again.
   */
  readonly close: () => void;
}

/**
 * Makes TensorFlow.js compute with a backend and checks by a small computation that it does.
 *
 * @param request `auto`: the fastest that works here; which never is a GPU imitated in
 *   software; a name: this one or none; a list of names: the first that works
 * @returns what was taken, on what device, and what was passed over and why
 * @throws BackendError `unknown-backend` for a name that is none; for a single name the reason why it does not work here
 *   (see BackendErrorCode); for `auto` and lists `no-backend`, when nothing works. The backend from before stays in use.
 */
export async function selectBackend(
  request: string | readonly string[] = 'auto',
  options: BackendOptions = {},
): Promise<SelectedBackend> {
  const candidates = candidatesFor(request);
  const before = tf.getBackend();
  const tried: SkippedBackend[] = [];
  let fault: BackendError | undefined;
  for (const backend of candidates) {
    try {
      const device = await start(backend, { ...options, acceptSoftware: request !== 'auto' });
      return { name: backend.name, device, tried, close: () => close(backend) };
    } catch (error) {
      fault = asBackendError(error, backend.name);
      tried.push({ name: backend.name, code: fault.code, reason: fault.message });
    }
  }
  if (before) await tf.setBackend(before);
  if (typeof request === 'string' && request !== 'auto') throw fault;
  throw new BackendError(
    'no-backend',
    `no backend works here: ${tried.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
    'Use "auto", or name "wasm" or "cpu", which need nothing installed.',
    { cause: fault },
  );
}

function candidatesFor(request: string | readonly string[]): readonly Backend[] {
  if (request === 'auto') return BACKENDS;
  const names = typeof request === 'string' ? [request] : request;
  const known = BACKENDS.map(({ name }) => name).join(', ');
  if (names.length === 0) {
    throw new BackendError('unknown-backend', 'the list of backends is empty', `Name one of auto, ${known}.`);
  }
  return names.map((wanted) => {
    const backend = BACKENDS.find(({ name }) => name === wanted);
    if (backend) return backend;
    throw new BackendError(
      'unknown-backend',
      `there is no backend "${wanted}"`,
      `Use auto, or one of ${known}.`,
    );
  });
}

/** Starts a backend and says what it computes on. */
function start(backend: Backend, request: LoadRequest): Promise<string> {
  return withoutTfjsMessages(async () => {
    await backend.load(request);
    // TensorFlow.js may answer false, or fall back to another backend without a word.
    const accepted = await tf.setBackend(backend.engineName);
    if (!accepted || tf.getBackend() !== backend.engineName) {
      throw new Error('TensorFlow.js could not initialise it');
    }
    await checkArithmetic();
    return backend.device();
  });
}

function close(backend: Backend): void {
  if (tf.findBackendFactory(backend.engineName) && backend.close) tf.removeBackend(backend.engineName);
  backend.close?.();
}

function asBackendError(cause: unknown, name: BackendName): BackendError {
  if (cause instanceof BackendError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new BackendError(
    'backend-unavailable',
    `backend "${name}" does not start: ${withoutFolders(message)}`,
    'Use "auto" to take whatever works here.',
    { cause },
  );
}

async function checkArithmetic(): Promise<void> {
  const sum = tf.tidy(() => tf.add(tf.ones([64, 64]), 1)); // [64,64], large enough not to be computed elsewhere
  const values = await sum.data();
  sum.dispose();
  if (!values.every((value) => value === 2)) throw new Error('it computes 1 + 1 wrongly');
}

/** TensorFlow.js warns on the console when a backend fails and greets on the first tensor: a library stays silent. */
async function withoutTfjsMessages<T>(action: () => Promise<T>): Promise<T> {
  const environment = tf.env();
  const before = environment.getBool('PROD');
  environment.set('PROD', true);
  try {
    return await action();
  } finally {
    environment.set('PROD', before);
  }
}
