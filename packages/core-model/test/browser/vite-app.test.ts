import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { build, defaultClientConditions, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage, openPage, type Served } from '../../../../scripts/chromium.mjs';
import { loadModel, normaliseSlices } from '../../src/index.js';
import { smallModelFile } from './small-model-file.js';

/** The example that the guide tells of: docs/examples/vite-app. */
const APP = fileURLToPath(new URL('../../../../docs/examples/vite-app/', import.meta.url));
const SIDE = 64;
/** Shaders are compiled by one busy core where a GPU is imitated. */
const PATIENCE = 5 * 60_000;
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  wasm: 'application/wasm',
};

type BuiltFile = Rolldown.OutputChunk | Rolldown.OutputAsset;

/** `vite build` of the app, kept in memory; the package's sources stand in for its build. */
async function buildApp(): Promise<readonly BuiltFile[]> {
  const built = await build({
    root: APP,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@infnet/source', ...defaultClientConditions] },
    build: { write: false, target: 'es2022' },
  });
  return (built as Rolldown.RolldownOutput).output;
}

const contentOf = (file: BuiltFile): string | Uint8Array => (file.type === 'chunk' ? file.code : file.source);

describe('the example app, built by Vite', () => {
  let files: readonly BuiltFile[];
  let model: Awaited<ReturnType<typeof smallModelFile>>;
  beforeAll(async () => {
    files = await buildApp();
    model = await smallModelFile();
  });

  it('is 85 kB before it starts, and asks for a backend only when it is chosen', () => {
    const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
    const entry = [...chunks.values()].find(({ isEntry }) => isEntry)!;
    const needed = new Set<string>();
    const visit = (name: string): void => {
      if (needed.has(name)) return;
      needed.add(name);
      chunks.get(name)!.imports.forEach(visit);
    };
    visit(entry.fileName);
    const bytes = [...needed].reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code).length, 0);
    process.stdout.write(`the app before it starts, minified and gzipped: ${bytes} bytes\n`);
    expect(bytes).toBeLessThan(85_000);
    expect(entry.dynamicImports).toHaveLength(4);
    const modules = [...chunks.values()].flatMap(({ moduleIds }) => moduleIds);
    expect(
      modules.filter((id) => /^node:|__vite-browser-external:(?!util|crypto)|tfjs-node/.test(id)),
    ).toEqual([]);
  });

  const skipped = noChromium() && ` (skipped: ${noChromium()})`;
  describe.skipIf(skipped !== '')(`in Chromium${skipped}`, () => {
    let opened: OpenPage | undefined;
    afterAll(() => opened?.close());

    const serve = (path: string): Served | undefined => {
      if (path === '/model.safetensors') return { body: model.bytes, type: 'application/octet-stream' };
      const file = files.find(
        ({ fileName }) => path === `/${fileName}` || (path === '/' && fileName === 'index.html'),
      );
      const type = file && TYPES[file.fileName.replace(/^.*\./, '')];
      return file && type ? { body: contentOf(file), type } : undefined;
    };

    it.each(['wasm', 'webgpu'])(
      'the model runs on %s',
      async (backend) => {
        opened ??= await openPage({ serve });
        const { page, complaints } = opened;
        const says = (text: string) =>
          page.waitForFunction(
            (wanted) => document.querySelector('[role=status]')?.textContent.includes(wanted),
            text,
            { timeout: PATIENCE },
          );
        await page.goto(`http://localhost/?backend=${backend}`);
        await says(`ready on ${backend}`);
        const picture = await page.evaluate(drawnPicture, SIDE);
        await page.setInputFiles('input', {
          name: 'slice.png',
          mimeType: 'image/png',
          buffer: Buffer.from(picture.png, 'base64'),
        });
        await says('marked');
        const said = (await page.textContent('[role=status]')) ?? '';
        expect(said).toMatch(new RegExp(`^[\\d.]+ % marked, on ${backend}$`));
        const expected = 100 * (await markedShare(Uint8Array.from(picture.grey), model.bytes));
        expect(Math.abs(Number.parseFloat(said) - expected)).toBeLessThan(0.2);
        expect(complaints).toEqual([]);
      },
      PATIENCE,
    );
  });
});

/** In the page: a picture as a PNG file, and its grey values. */
async function drawnPicture(side: number): Promise<{ png: string; grey: number[] }> {
  const grey = Array.from({ length: side * side }, (_, i) => (i * 7 + (i >> 6) * 13) % 256);
  const image = new ImageData(side, side);
  grey.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  return { png: btoa(String.fromCharCode(...bytes)), grey };
}

/** What the app should say, computed here. */
async function markedShare(grey: Uint8Array, bytes: Uint8Array): Promise<number> {
  using network = await loadModel(bytes);
  const images = normaliseSlices([grey], SIDE, SIDE); // [1,64,64,3]
  const probability = network.predict(images); // [1,64,64,1]
  const values = await probability.data();
  tf.dispose([images, probability]);
  const share = values.filter((value) => value >= 0.5).length / values.length;
  expect(share, 'something is marked, and something is not').toBeGreaterThan(0.01);
  expect(share).toBeLessThan(0.99);
  return share;
}
