import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../../../scripts/chromium.mjs';
import { LivePage } from './live-page.js';
import { smallFile } from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

describe.skipIf(why !== '')(inChromium('runs in a row'), () => {
  let live: LivePage;
  beforeAll(async () => {
    live = await LivePage.open();
    await live.choose('wasm');
  });
  afterAll(() => live.close());

  it('20 of them leave no worker, no node and no memory behind', async () => {
    const session = await live.page.context().newCDPSession(live.page);
    const once = async (): Promise<void> => {
      await live.drop(smallFile());
      await live.become('done');
      await live.page.click('#again');
      await live.become('empty');
    };
    const measure = async (): Promise<{ workers: number; nodes: number; heap: number }> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const { nodes } = await session.send('Memory.getDOMCounters');
      return { workers: live.page.workers().length, nodes, heap: usedSize };
    };
    // The first runs load what later ones use.
    for (let i = 0; i < 3; i++) await once();
    const before = await measure();
    for (let i = 0; i < 20; i++) await once();
    const after = await measure();
    expect(after.workers).toBe(before.workers);
    expect(after.nodes - before.nodes).toBeLessThan(200);
    expect(after.heap - before.heap).toBeLessThan(5e6);
  });
});
