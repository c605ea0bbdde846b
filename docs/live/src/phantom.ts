import type { PhantomRequest } from './phantom-worker.js';

/** A made-up CT as a file, for those who have none at hand. */
export function phantomFile(request: PhantomRequest): Promise<File> {
  const worker = new Worker(new URL('./phantom-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<File>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
      resolve(new File([data], `phantom-${request.seed}.nii.gz`));
    });
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage(request, []);
  }).finally(() => worker.terminate());
}
