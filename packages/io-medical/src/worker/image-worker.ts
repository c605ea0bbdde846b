import { ImageFormatError } from '../errors.js';
import { nodeBuiltins } from '../source/node-builtins.js';
import { holdLifeLine } from './life-line.js';
import type { Failure, FromWorker, ToWorker } from './messages.js';
import { ServedVolume } from './served-volume.js';

/*
 * The worker's side of readImageInWorker and openInWorker: answers one call after the other. Runs in Node's worker
 * threads and in browsers.
 */

interface Port {
  addEventListener(type: 'message', listener: (event: { readonly data: ToWorker }) => void): void;
  postMessage(answer: FromWorker, transfer: ArrayBuffer[]): void;
  /** Only of Node's ports. */
  start?(): void;
}

type Call = Extract<ToWorker, { readonly call: unknown }>;

const port = (nodeBuiltins()?.('node:worker_threads').parentPort ?? globalThis) as unknown as Port;
const served = new ServedVolume((progress) => port.postMessage({ progress }, []));
let before: Promise<void> = Promise.resolve();

port.addEventListener('message', ({ data }) => {
  if ('lifeLine' in data) {
    const holds = data.lifeLine;
    holdLifeLine(holds, () => port.postMessage({ holds }, []));
  } else before = before.then(() => answer(data));
});
port.start?.();

async function answer({ id, call, request }: Call): Promise<void> {
  try {
    const serve = served[call].bind(served) as (request: unknown) => Promise<unknown>;
    const value = await serve(request);
    port.postMessage({ id, value }, buffersOf(value));
  } catch (error) {
    port.postMessage({ id, failure: describe(error) }, []);
  }
}

/** What an answer hands over: it is made for its caller, and nothing here looks at it again. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint8Array) return [value.buffer as ArrayBuffer];
  const { voxels, data } = (value ?? {}) as { voxels?: ArrayBufferView; data?: ArrayBufferView };
  const view = voxels ?? data;
  return view === undefined ? [] : [view.buffer as ArrayBuffer];
}

function describe(error: unknown): Failure {
  if (error instanceof ImageFormatError)
    return { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof RangeError) {
    return {
      code: 'too-large',
      message: `there is not enough memory for the image (${error.message})`,
      hint: 'Close other pages and programs, or give a smaller image.',
    };
  }
  return {
    code: 'corrupt',
    message: `the image cannot be read (${error instanceof Error ? error.name : typeof error})`,
    hint: 'The file is damaged, or this package at fault; please report it without the file.',
  };
}
