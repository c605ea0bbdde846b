import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type OpenPage, openPage } from '../../../../scripts/chromium.mjs';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));
const WASM = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Bundles page.ts as an application would be, and opens it. */
export async function openConformancePage(): Promise<OpenPage> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@infnet/source'],
    outdir: '/',
    write: false,
    logLevel: 'error',
  });
  const files = new Map([
    ['/', { body: '<!doctype html><script type="module" src="/page.js"></script>', type: 'text/html' }],
    ['/page.js', { body: outputFiles[0]!.text, type: 'text/javascript' }],
  ]);
  const opened = await openPage({
    async serve(path) {
      const [, folder, file] = /^\/(golden|wasm)\/([\w.-]+)$/.exec(path) ?? [];
      if (file === undefined) return files.get(path);
      const type = file.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
      return { body: await readFile(join(folder === 'wasm' ? WASM : GOLDEN, file)), type };
    },
  });
  await opened.page.waitForFunction('globalThis.program !== undefined');
  return opened;
}
