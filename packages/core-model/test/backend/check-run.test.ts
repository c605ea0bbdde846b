import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { BackendLimitError, backendLimits, checkRun, InfNet, selectBackend } from '../../src/index.js';

/** A thousand bytes a pixel, a tenth of it in one tensor. */
const need = ({ batch, height, width }: { batch: number; height: number; width: number }) => {
  const bytes = batch * height * width * 1000;
  return { totalBytes: bytes, tensorBytes: bytes / 10 };
};
const size = { batch: 8, height: 64, width: 96 };
const one = 64 * 96 * 1000;

beforeAll(async () => {
  await selectBackend('wasm');
});

function faultOf(run: () => void): BackendLimitError {
  try {
    run();
  } catch (error) {
    if (error instanceof BackendLimitError) return error;
    throw error;
  }
  throw new Error('it was let through');
}

it('lets through what fits, and what nobody knows a limit of', () => {
  const there = tf.memory().numBytes;
  expect(() => checkRun(need, size, { totalBytes: there + 8 * one, tensorBytes: 0.8 * one })).not.toThrow();
  expect(() => checkRun(need, size, {})).not.toThrow();
});

it('says how many would fit', () => {
  const there = tf.memory().numBytes;
  const error = faultOf(() => checkRun(need, size, { totalBytes: there + 3 * one }));
  expect(error).toMatchObject({ code: 'backend-limit', limit: there + 3 * one, needed: there + 8 * one });
  expect(error.message).toMatch(
    /8 images of 64x96 need memory of about \d+ MiB on "wasm", which has \d+ MiB/,
  );
  expect(error.hint).toBe('Take at most 3 at once.');
});

it('says which size would fit, where not even one does', () => {
  const error = faultOf(() => checkRun(need, size, { tensorBytes: one / 20 }));
  expect(error.message).toContain('a tensor');
  expect(error.hint).toBe('Take one image at a time, of at most 32x32.');
  expect(faultOf(() => checkRun(need, size, { tensorBytes: 1 })).hint).toMatch(/smaller network/);
});

it('a network asks before it runs: a batch beyond the WebAssembly heap costs nothing', () => {
  using model = InfNet.create({ width: 0.25, channels: 8, blocks: [1, 1, 1, 1] });
  // A tensor of this shape without the memory: what is checked comes before the first op.
  const images = Object.create(tf.zeros([1, 32, 32, 3]), {
    shape: { value: [4096, 352, 352, 3] },
    size: { value: 4096 * 352 * 352 * 3 },
  }) as tf.Tensor4D;
  expect(faultOf(() => void model.forward(images)).hint).toMatch(/^Take at most \d+ at once\.$/);
  expect(faultOf(() => void model.forward(images, { training: true })).needed).toBeGreaterThan(2 ** 32);
});

it('threads that compute at the same time share the memory of the machine', () => {
  const alone = backendLimits().totalBytes!;
  expect(backendLimits(1)).toEqual(backendLimits());
  const { totalBytes, threads } = backendLimits(1024);
  expect(totalBytes).toBeLessThan(alone);
  expect(threads).toBe(1024);
  expect(backendLimits(2048).totalBytes).toBeCloseTo(totalBytes! / 2, 0);
  expect(() => checkRun(need, size, backendLimits(1))).not.toThrow();
  const error = faultOf(() => checkRun(need, { batch: 8, height: 1024, width: 1024 }, backendLimits(1024)));
  expect(error.message).toMatch(/which has \d+ MiB for each of 1024 threads/);
});
