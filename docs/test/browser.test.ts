import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { InfNet, normaliseSlices, selectBackend } from '@infnet/core-model';
import { maskToGrid, quantify, readImage, toSlices } from '@infnet/io-medical';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage, openPage, type Served } from '../../scripts/chromium.mjs';
import { allBlocks, type CodeBlock, placeOf, ROOT } from './code-blocks.js';
import { PROGRAMS } from './programs.js';
import { makeSupplies } from './supplies.js';

/** Programs that are written for a page. */
const blocks = allBlocks().filter(({ noRun }) => noRun === 'needs a page');
const folder = `${PROGRAMS}pages/`;
const WASM = `${ROOT}node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};
const PATIENCE = 300_000;

/** In the page, before its program: a GPU imitated in software would take minutes. Says when the file field is heard. */
const WITHOUT_GPU = `
  Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
  for (const canvas of [HTMLCanvasElement, OffscreenCanvas]) canvas.prototype.getContext = () => null;
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'change') globalThis.listens = true;
    return listen.call(this, type, ...rest);
  };
`;
const why = noChromium();

describe.skipIf(why !== '')(`programs for a page run in one${why === '' ? '' : ` [skipped: ${why}]`}`, () => {
  let opened: OpenPage | undefined;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    await makeSupplies(folder);
  });
  afterEach(() => opened?.close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A page made of a block by Vite, with the files that the guide says lie beside it. */
  async function open(block: CodeBlock): Promise<OpenPage> {
    const root = `${folder}${placeOf(block).replaceAll(/\W+/g, '-')}/`;
    mkdirSync(root);
    writeFileSync(`${root}main.js`, block.code);
    writeFileSync(
      `${root}index.html`,
      '<!doctype html><input type="file"><output></output><script>window.printed = []; console.log = (...words) => printed.push(words.join(" "))</script><script type="module" src="/main.js"></script>',
    );
    await build({ root, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
    const fileOf = (path: string): string => {
      if (path === '/model.safetensors') return `${folder}inf-net.safetensors`;
      if (path === '/scan.nii.gz') return `${folder}scan.nii.gz`;
      return path.startsWith('/tfjs/')
        ? WASM + path.slice(6)
        : `${root}dist${path === '/' ? '/index.html' : path}`;
    };
    const serve = (path: string): Served | undefined => {
      const file = fileOf(path);
      return existsSync(file)
        ? { body: readFileSync(file), type: TYPES[extname(file)] ?? 'application/octet-stream' }
        : undefined;
    };
    opened = await openPage({ serve });
    return opened;
  }

  it('all of them', () => {
    expect(blocks.map(({ page }) => page)).toEqual(Array(2).fill('docs/guide/how-to/in-a-browser.md'));
  });

  it(
    'a file is segmented on the first backend that works: wasm, where there is no GPU',
    async () => {
      const { page, complaints } = await open(blocks[0]!);
      await page.addInitScript({ content: WITHOUT_GPU });
      await page.reload();
      await page.waitForFunction('globalThis.listens', undefined, { timeout: PATIENCE });
      expect(await page.title()).toMatch(/^wasm: ./);
      await page.setInputFiles('input', `${folder}scan.nii.gz`);
      await page.waitForFunction('document.querySelector("output").textContent !== ""', undefined, {
        timeout: PATIENCE,
      });
      const [, ml] = (await page.textContent('output'))!.match(/^([\d.]+) ml$/) ?? [];
      const expected = await millilitres();
      expect(expected).toBeGreaterThan(0);
      expect(Math.abs(Number(ml) / expected - 1)).toBeLessThan(0.01);
      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'a volume is segmented in workers',
    async () => {
      const { page, complaints } = await open(blocks[1]!);
      await page.waitForFunction('printed.length === 4', undefined, { timeout: PATIENCE });
      expect(await page.evaluate('printed')).toEqual(Array(4).fill('352 352'));
      await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0);
      expect(complaints).toEqual([]);
    },
    PATIENCE,
  );
});

/** What the first program should say, computed here. */
async function millilitres(): Promise<number> {
  await selectBackend('wasm');
  using model = await InfNet.fromPretrained(`${folder}inf-net.safetensors`);
  const volume = await readImage(`${folder}scan.nii.gz`);
  const size = 352;
  const maps = [];
  for (const { data } of toSlices(volume, { size })) {
    const images = normaliseSlices([data], size, size); // [1,352,352,3]
    const probability = model.predict(images); // [1,352,352,1]
    maps.push({ width: size, height: size, data: (await probability.data()) as Float32Array });
    images.dispose();
    probability.dispose();
  }
  return quantify(maskToGrid(maps, volume, { threshold: 0.5 }), volume).volumeMl!;
}
