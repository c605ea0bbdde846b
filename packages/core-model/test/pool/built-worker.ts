import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/** Node runs no TypeScript in a worker: the worker's script, compiled into a folder that git does not see. */
export async function buildWorker(): Promise<{ start: () => Worker; remove: () => void }> {
  const folder = fileURLToPath(new URL(`../../node_modules/.pool-worker-${process.pid}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}worker.mjs`;
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external', // TensorFlow.js is found from where the script lies
    logLevel: 'silent',
  });
  return { start: () => new Worker(outfile), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
