import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noChromium } from '../../../scripts/chromium.mjs';
import { type DroppedFile, LivePage } from './live-page.js';
import {
  dice,
  dicomFiles,
  maskOf,
  maskOfCli,
  niftiFile,
  pictureFile,
  pytorchModel,
  quickModel,
  smallFile,
} from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

describe.skipIf(why !== '')(inChromium('what people bring:'), () => {
  let live: LivePage;
  let quick: DroppedFile;
  beforeAll(async () => {
    quick = await quickModel();
    live = await LivePage.open();
    await live.choose('wasm');
  });
  afterAll(() => live.close());
  beforeEach(async () => {
    if ((await live.page.getAttribute('body', 'data-state')) === 'done') await live.page.click('#again');
    await live.become('empty');
  });

  const expectMask = async (expected: Uint8Array, name: string): Promise<void> => {
    await live.become('done');
    const saved = await live.save('#save-mask');
    expect(saved.name).toBe(name);
    expect(expected).toContain(1);
    expect(dice(await maskOf(saved.bytes), expected)).toBeGreaterThanOrEqual(0.999);
  };

  it("PyTorch's checkpoint", async () => {
    const model = await pytorchModel();
    await live.drop(model);
    await live.page.waitForSelector('#chip-model:has-text("mine.pth")');
    await live.drop(smallFile());
    await expectMask(await maskOfCli(smallFile(), model), 'small-infection.nii.gz');
    expect(await live.page.isHidden('#demo-notice')).toBe(true);
    await live.page.click('#demo-model');
  });

  it('a picture, whose mask is one', async () => {
    await live.drop(quick, pictureFile());
    await expectMask(await maskOfCli(pictureFile(), quick), 'slice-infection.png');
    expect(await live.page.textContent('#position')).toBe('Single slice');
    expect(await live.page.isHidden('#paging')).toBe(true);
  });

  it('a folder with a series and what scanners put beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'infnet-study-'));
    try {
      await mkdir(join(folder, 'study', 'series'), { recursive: true });
      for (const { name, bytes } of dicomFiles()) {
        await writeFile(join(folder, 'study', 'series', name), bytes);
      }
      await writeFile(join(folder, 'study', 'README.TXT'), 'Burnt by a scanner.');
      await live.page.setInputFiles('#folder', join(folder, 'study'));
      await expectMask(await maskOfCli(await niftiFile(), quick), 'study-infection.nii.gz');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('WebGL, imitated in software, when it is asked for', async () => {
    await live.choose('webgl');
    await live.drop(smallFile());
    await expectMask(await maskOfCli(smallFile(), quick), 'small-infection.nii.gz');
    expect(await live.backend()).toBe('webgl');
  });

  it('and nothing of it is said on the console', () => {
    expect(live.complaints).toEqual([]);
  });
});
