import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noChromium } from '../../../scripts/chromium.mjs';
import { LivePage } from './live-page.js';
import { longFile, niftiFile, smallFile } from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

/** So many zeros, compressed: two megabytes for 2 GiB. */
async function zeros(bytes: number): Promise<Uint8Array> {
  const gzip = createGzip({ level: 1 });
  const packed: Buffer[] = [];
  gzip.on('data', (piece: Buffer) => packed.push(piece));
  const piece = Buffer.alloc(2 ** 24);
  for (let left = bytes; left > 0; left -= piece.length) {
    if (!gzip.write(piece)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await new Promise((resolve) => gzip.once('end', resolve));
  return Buffer.concat(packed);
}

describe.skipIf(why !== '')(inChromium('what goes wrong leaves the page as usable as before:'), () => {
  let live: LivePage;
  beforeAll(async () => {
    live = await LivePage.open();
    await live.choose('wasm');
  });
  afterAll(() => live.close());
  // Each begins after the one before it went wrong.
  beforeEach(async () => {
    await live.drop(smallFile());
    await live.become('done');
    await live.page.click('#again');
    await live.become('empty');
  });

  const expectError = async (code: string, message: RegExp): Promise<void> => {
    await live.become('error');
    expect(await live.page.textContent('#error-code')).toBe(code);
    expect(await live.page.textContent('#error-title')).toMatch(message);
    expect(await live.page.textContent('#error-hint')).not.toBe('');
    expect(await live.page.textContent('#diagnostics')).toContain(`problem     ${code}`);
  };

  it('a run that is cancelled', async () => {
    await live.drop(longFile());
    await live.page.waitForFunction(() => /slice \d+ of 40/.test(document.body.innerText));
    await live.page.click('#cancel');
    await live.become('empty');
    expect(await live.page.textContent('#stopped')).toMatch(/^Stopped at: slice \d+ of 40/);
  });

  it('a file that is cut off', async () => {
    const { name, bytes } = await niftiFile();
    await live.drop({ name, bytes: bytes.subarray(0, bytes.length / 2) });
    await expectError('corrupt', /chest\.nii\.gz: the compressed data is damaged or ends early/);
  });

  it('2 GiB of zeros in a gzip', async () => {
    await live.drop({ name: 'zeros.nii.gz', bytes: await zeros(2 ** 31) });
    await expectError('corrupt', /zeros\.nii\.gz: /);
  });

  it('a header that asks for 2 GiB', async () => {
    const header = Buffer.alloc(352);
    header.writeInt32LE(348, 0);
    [3, 1024, 1024, 1024, 1, 1, 1, 1].forEach((side, i) => header.writeInt16LE(side, 40 + 2 * i));
    header.writeInt16LE(4, 70); // int16
    header.writeInt16LE(16, 72);
    [1, 1, 1, 1].forEach((step, i) => header.writeFloatLE(step, 76 + 4 * i));
    header.writeFloatLE(352, 108);
    header.write('n+1\0', 344, 'latin1');
    await live.drop({ name: 'huge.nii', bytes: header });
    await expectError('too-large', /1024 x 1024 x 1024/);
  });

  it('a model that is none', async () => {
    await live.drop({ name: 'mine.safetensors', bytes: new Uint8Array(100) }, smallFile());
    await expectError('worker-not-started', /./);
    expect(await live.page.textContent('#chip-model')).toBe('mine.safetensors');
    await live.page.click('#demo-model');
  });

  it.each([
    ['holds the image', 'image-worker', 'corrupt', /ended without an answer/],
    ['computes', '/worker-', 'worker-died', /died: it ended without a word/],
  ])('the worker that %s ends', async (_what, script, code, message) => {
    await live.drop(longFile());
    await live.page.waitForFunction(() => /slice \d+ of 40/.test(document.body.innerText));
    const workers = live.page.workers().filter((worker) => worker.url().includes(script));
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers) void worker.evaluate('close()').catch(() => undefined);
    await expectError(code, message);
  });
});
