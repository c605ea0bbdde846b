import { ImageFormatError } from '../errors.js';
import { readImage } from '../read-image.js';
import { nodeBuiltins } from '../source/node-builtins.js';
import type { ReadAnswer, ReadRequest } from './messages.js';

/*
 * The worker's side of readImageInWorker: answers one request. Runs in Node's worker threads and in browsers.
 */

interface Port {
  addEventListener(type: 'message', listener: (event: { readonly data: ReadRequest }) => void): void;
  postMessage(answer: ReadAnswer, transfer: ArrayBuffer[]): void;
  /** Only of Node's ports. */
  start?(): void;
}

const port = (nodeBuiltins()?.('node:worker_threads').parentPort ?? globalThis) as unknown as Port;

port.addEventListener('message', ({ data }) => {
  void answer(data);
});
port.start?.();

async function answer({ input, options }: ReadRequest): Promise<void> {
  try {
    const volume = await readImage(input, options);
    port.postMessage({ volume }, [volume.voxels.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ failure: describe(error) }, []);
  }
}

function describe(error: unknown): { code: ImageFormatError['code']; message: string; hint: string } {
  if (error instanceof ImageFormatError)
    return { code: error.code, message: error.message, hint: error.hint };
  return {
    code: 'corrupt',
    message: `the image cannot be read (${error instanceof Error ? error.name : typeof error})`,
    hint: 'The file is damaged, or this package at fault; please report it without the file.',
  };
}
