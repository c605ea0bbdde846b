import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../../../scripts/chromium.mjs';
import { LivePage } from './live-page.js';
import { dice, dicomFiles, dicomZip, maskOf, maskOfCli, niftiFile } from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

describe.skipIf(why !== '')(inChromium('the page without a network'), () => {
  let live: LivePage;
  let expected: Uint8Array;
  beforeAll(async () => {
    expected = await maskOfCli(await niftiFile());
    live = await LivePage.open();
    // From here on there is nobody to ask.
    await live.server.close();
    live.asked.length = 0;
    await live.choose('wasm');
  });
  afterAll(() => live.close());

  it.each([
    ['a NIfTI file', niftiFile],
    ['a zip of DICOM files', () => Promise.resolve(dicomZip())],
  ])('segments %s as the command line tool does', async (_name, make) => {
    await live.drop(await make());
    await live.become('done');
    expect(await live.backend()).toBe('wasm');
    const { name, bytes } = await live.save('#save-mask');
    expect(name).toMatch(/-infection\.nii\.gz$/);
    expect(dice(await maskOf(bytes), expected)).toBeGreaterThanOrEqual(0.999);
    await live.page.click('#again');
    await live.become('empty');
  });

  it('reads the files of a series that are dropped together, and opens again, with nobody there', async () => {
    await live.page.reload();
    await live.page.waitForFunction(() => document.querySelector('#chip-offline')?.textContent === 'ready');
    await live.choose('wasm');
    await live.drop(...dicomFiles());
    await live.become('done');
    const { bytes } = await live.save('#save-mask');
    expect(dice(await maskOf(bytes), expected)).toBeGreaterThanOrEqual(0.999);
  });

  it('asks nobody for anything, breaks no rule of its policy, and says nothing on the console', () => {
    expect(live.complaints).toEqual([]);
    expect(live.asked.filter((url) => !url.startsWith(live.server.url) && !url.startsWith('blob:'))).toEqual(
      [],
    );
    expect(live.asked.length).toBeGreaterThan(0);
  });

  it('saves the report as one page that shows the same', async () => {
    const volume = await live.page.textContent('#figures .emphasis b');
    const { name, bytes } = await live.save('#save-report');
    expect(name).toBe('series-report.html');
    const html = new TextDecoder().decode(bytes);
    expect(html).toContain(`<b>${volume}</b>`);
    expect(html).toContain("default-src 'none'");
    const file = join(await mkdtemp(join(tmpdir(), 'infnet-report-')), name);
    await writeFile(file, bytes);
    const report = await live.page.context().newPage();
    await report.goto(pathToFileURL(file).href);
    await report.waitForFunction(() =>
      /Slice \d+ of 10/.test(document.querySelector('#position')?.textContent ?? ''),
    );
  });
});
