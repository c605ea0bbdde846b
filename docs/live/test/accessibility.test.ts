import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breachesOf } from '../../../scripts/accessibility.mjs';
import { noChromium } from '../../../scripts/chromium.mjs';
import { LivePage } from './live-page.js';
import { niftiFile } from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

describe.skipIf(why !== '')(inChromium('accessibility of the page'), () => {
  let live: LivePage;
  beforeAll(async () => {
    live = await LivePage.open();
    await live.choose('wasm');
  });
  afterAll(() => live.close());

  it('empty', async () => {
    expect(await breachesOf(live.page)).toEqual([]);
  });

  it('with an error', async () => {
    await live.drop({ name: 'notes.nii', bytes: new TextEncoder().encode('these are my notes') });
    await live.become('error');
    expect(await breachesOf(live.page)).toEqual([]);
  });

  it('with a result', async () => {
    await live.drop(await niftiFile());
    await live.become('done');
    await live.page.click('summary:has-text("Diagnostics")');
    expect(await breachesOf(live.page)).toEqual([]);
  });

  it('by keyboard: slices, layers, threshold', async () => {
    const text = (id: string): Promise<string | null> => live.page.textContent(`#${id}`);
    await live.page.setViewportSize({ width: 1280, height: 900 });
    await live.page.focus('body');
    await live.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await live.page.keyboard.press('m');
    const most = Number(/Slice (\d+)/.exec((await text('position')) ?? '')?.[1]);
    await live.page.keyboard.press('ArrowLeft');
    expect(await text('position')).toBe(`Slice ${most - 1} of 10`);
    await live.page.keyboard.press('p');
    expect(await live.page.isChecked('input[name=mask][value=probability]')).toBe(true);
    const before = await live.page.textContent('#figures .emphasis b');
    await live.page.focus('#threshold');
    for (let i = 0; i < 20; i++) await live.page.keyboard.press('ArrowRight');
    expect(await text('threshold-value')).toBe('0.70');
    await live.page.waitForFunction(
      (was) => document.querySelector('#figures .emphasis b')?.textContent !== was,
      before,
    );
    const parts = (line: string): number => Number.parseFloat(line);
    expect(parts((await live.page.textContent('#figures .emphasis b')) ?? '')).toBeLessThan(
      parts(before ?? ''),
    );
  });
});
