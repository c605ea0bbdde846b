import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type OpenPage, openPage, type Served } from '../../../../scripts/chromium.mjs';

const WASM = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** A page that runs a program of this package's tests. */
export interface ProgramPage {
  /** The page's script; it sets `globalThis.program`. */
  readonly entry: URL;
  /** More scripts, by the name under which the page finds them. */
  readonly scripts?: Readonly<Record<string, URL>>;
  /** What else lies at a path. */
  readonly serve?: (path: string) => Served | undefined | Promise<Served | undefined>;
}

/** Bundles the program as an application would be, opens it in Chromium, and waits until it is there. */
export async function openProgram({ entry, scripts = {}, serve }: ProgramPage): Promise<OpenPage> {
  const { outputFiles } = await build({
    entryPoints: Object.entries({ page: entry, ...scripts }).map(([out, url]) => ({
      out,
      in: fileURLToPath(url),
    })),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@infnet/source'],
    outdir: '/',
    write: false,
    logLevel: 'error',
  });
  const files = new Map<string, Served>([
    ['/', { body: '<!doctype html><script type="module" src="/page.js"></script>', type: 'text/html' }],
    ...outputFiles.map(({ path, text }) => [path, { body: text, type: 'text/javascript' }] as const),
  ]);
  const opened = await openPage({
    serve: async (path) => files.get(path) ?? (await wasmFile(path)) ?? (await serve?.(path)),
  });
  await opened.page.waitForFunction('globalThis.program !== undefined');
  return opened;
}

/** TensorFlow.js's own files lie in `/wasm/`. */
async function wasmFile(path: string): Promise<Served | undefined> {
  const [, file] = /^\/wasm\/([\w.-]+)$/.exec(path) ?? [];
  return file === undefined
    ? undefined
    : { body: await readFile(join(WASM, file)), type: 'application/wasm' };
}
