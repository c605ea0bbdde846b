import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage } from '../../../../scripts/chromium.mjs';
import type { BrowserPage } from './page.js';
import { openProgram } from './served-program.js';
import { smallModelFile } from './small-model-file.js';

const skipped = noChromium() && ` (skipped: ${noChromium()})`;
describe.skipIf(skipped !== '')(`in Chromium${skipped}`, () => {
  let opened: OpenPage;
  let model: Awaited<ReturnType<typeof smallModelFile>>;
  let downloads = 0;
  beforeAll(async () => {
    model = await smallModelFile();
    opened = await openProgram({
      entry: new URL('page.ts', import.meta.url),
      scripts: { worker: new URL('../../src/worker.ts', import.meta.url) },
      serve(path) {
        if (path !== '/model.safetensors') return undefined;
        downloads++;
        return { body: model.bytes, type: 'application/octet-stream' };
      },
    });
  });
  afterAll(() => opened.close());

  it('a pool of workers gives what the network gives, and replaces one that dies', async () => {
    const told = await opened.page.evaluate(() =>
      (globalThis as unknown as { program: BrowserPage }).program.pool(),
    );
    expect(told).toMatchObject({ failure: 'worker-died', started: 3 });
    expect(told.device).toMatch(/2 workers.*wasm/);
    expect(told.worst).toBeLessThan(1e-5);
    expect(told.after).toBeLessThan(1e-5);
  });

  it("a model is saved to the browser's database and loaded from there", async () => {
    const told = await opened.page.evaluate(() =>
      (globalThis as unknown as { program: BrowserPage }).program.database(),
    );
    expect(told).toEqual({ names: true, worst: 0, unknown: 'file-not-readable' });
  });

  it('a download is kept, checked when it is taken again, and made anew when it was damaged', async () => {
    const told = await opened.page.evaluate(
      (integrity) => (globalThis as unknown as { program: BrowserPage }).program.cached(integrity),
      model.integrity,
    );
    expect(told).toEqual({ first: 'download', second: 'cached', damaged: 'download', same: true });
    expect(downloads).toBe(2);
  });

  it('complains of nothing', () => {
    expect(opened.complaints).toEqual([]);
  });
});
