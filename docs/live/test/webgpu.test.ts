import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../../../scripts/chromium.mjs';
import { type DroppedFile, LivePage } from './live-page.js';
import { dice, maskOf, maskOfCli, quickModel, smallFile } from './scans.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);

describe.skipIf(why !== '')(inChromium('the page on a GPU that is imitated in software'), () => {
  let live: LivePage;
  let model: DroppedFile;
  let expected: Uint8Array;
  beforeAll(async () => {
    model = await quickModel();
    expected = await maskOfCli(smallFile(), model);
    expect(expected).toContain(1);
    live = await LivePage.open();
  });
  afterAll(() => live.close());

  it('segments as the command line tool does on wasm, when WebGPU is asked for', async () => {
    await live.choose('webgpu');
    await live.drop(model, smallFile());
    await live.become('done');
    expect(await live.backend()).toBe('webgpu');
    const { bytes } = await live.save('#save-mask');
    expect(dice(await maskOf(bytes), expected)).toBeGreaterThanOrEqual(0.999);
    await live.page.click('#again');
  });

  it('says so when the device is lost, and goes on with wasm', async () => {
    const worker = live.page.workers().find((one) => one.url().includes('/worker-'))!;
    // The device of the run before, which is still the pool's.
    await worker.evaluate(() => {
      const place = globalThis as unknown as { GPUQueue: { prototype: { submit: unknown } } };
      const { submit } = place.GPUQueue.prototype as { submit: (...args: unknown[]) => void };
      place.GPUQueue.prototype.submit = function lose(this: unknown, ...args: unknown[]) {
        submit.apply(this, args);
        (globalThis as unknown as { lostDevice?: { destroy(): void } }).lostDevice?.destroy();
      };
      const device = (
        globalThis as unknown as { GPUDevice: { prototype: { createCommandEncoder: unknown } } }
      ).GPUDevice;
      const { createCommandEncoder } = device.prototype as {
        createCommandEncoder: (...args: unknown[]) => unknown;
      };
      device.prototype.createCommandEncoder = function remember(this: unknown, ...args: unknown[]) {
        (globalThis as unknown as { lostDevice?: unknown }).lostDevice = this;
        return createCommandEncoder.apply(this, args);
      };
    });
    await live.drop(smallFile());
    await live.become('error');
    expect(await live.page.textContent('#error-code')).toBe('device-failed');
    expect(await live.page.textContent('#error-title')).toMatch(/^the GPU was lost/);
    await live.page.click('#retry-wasm');
    await live.become('done');
    expect(await live.backend()).toBe('wasm');
  });

  it('passes over it by itself, and says which and why', async () => {
    await live.page.click('#again');
    await live.choose('auto');
    await live.drop(smallFile());
    await live.become('done');
    expect(await live.backend()).toBe('wasm');
    expect(await live.page.textContent('#backend-text')).toMatch(
      /webgpu passed over: software-adapter\. webgl passed over: software-adapter\./,
    );
  });
});
