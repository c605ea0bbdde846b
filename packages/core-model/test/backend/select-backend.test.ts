import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectBackend } from '../../src/backend/select-backend.js';

const METHODS = ['log', 'info', 'warn', 'error'] as const;
let spoken: string[] = [];

beforeEach(() => {
  spoken = [];
  for (const method of METHODS)
    vi.spyOn(console, method).mockImplementation((text) => void spoken.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  if (spoken.length > 0) throw new Error(`the console was used: ${spoken.join('; ')}`);
});

describe('selectBackend', () => {
  it('auto takes wasm and says what it passed over and why', async () => {
    const { name, device, tried } = await selectBackend();
    expect({ name, device }).toEqual({ name: 'wasm', device: 'wasm relaxed SIMD, 1 thread' });
    expect(tf.getBackend()).toBe('wasm');
    expect(tried.map((skipped) => skipped.name)).toEqual(['cuda', 'node', 'webgpu', 'webgl']);
    expect(tried[0]).toMatchObject({
      code: 'backend-not-installed',
      reason: expect.stringMatching(/tfjs-node-gpu, which is not installed/) as string,
    });
    expect(tried[3]).toMatchObject({ code: 'backend-not-supported' });
  });

  it.each(['cpu', 'wasm'])('%s by name, without a word on the console', async (wanted) => {
    const { name, tried } = await selectBackend(wanted);
    tf.scalar(1).dispose();
    expect({ name, tried, used: tf.getBackend() }).toEqual({ name: wanted, tried: [], used: wanted });
  });

  it('takes the first of a list that works', async () => {
    const { name, tried } = await selectBackend(['cuda', 'cpu', 'wasm']);
    expect(name).toBe('cpu');
    expect(tried.map((skipped) => skipped.name)).toEqual(['cuda']);
  });

  it.each([
    ['cuda', 'backend-not-installed', /npm install @tensorflow\/tfjs-node-gpu/],
    ['webgl', 'backend-not-supported', /wasm/],
  ])('%s by name is a typed error, the backend stays', async (name, code, hint) => {
    await selectBackend('cpu');
    await expect(selectBackend(name)).rejects.toMatchObject({
      name: 'BackendError',
      code,
      message: expect.stringContaining(name) as string,
      hint: expect.stringMatching(hint) as string,
    });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('a list of which nothing works names each reason', async () => {
    await expect(selectBackend(['cuda', 'webgl'])).rejects.toMatchObject({
      code: 'no-backend',
      message: expect.stringMatching(/cuda.*webgl/) as string,
    });
  });

  it.each([['gpu'], [['wasm', 'gpu']], [[]]])(
    'refuses the unknown request %j before starting anything',
    async (request) => {
      await selectBackend('cpu');
      await expect(selectBackend(request)).rejects.toMatchObject({ code: 'unknown-backend' });
      expect(tf.getBackend()).toBe('cpu');
    },
  );

  it('does not take what TensorFlow.js fell back to, nor what computes wrongly', async () => {
    await selectBackend('cpu');
    const tensors = tf.memory().numTensors;
    vi.spyOn(tf.engine(), 'setBackend').mockResolvedValueOnce(true); // says yes and stays on cpu
    await expect(selectBackend('wasm')).rejects.toMatchObject({ code: 'backend-unavailable' });
    vi.spyOn(tf.engine(), 'setBackend').mockResolvedValueOnce(false);
    await expect(selectBackend('wasm')).rejects.toMatchObject({ code: 'backend-unavailable' });
    vi.spyOn(tf.Tensor.prototype, 'data').mockResolvedValueOnce(new Float32Array(4096));
    await expect(selectBackend('cpu')).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('1 + 1') as string,
    });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('leaves the flags of TensorFlow.js as they were', async () => {
    await selectBackend('wasm');
    expect(tf.env().getBool('PROD')).toBe(false);
  });
});
