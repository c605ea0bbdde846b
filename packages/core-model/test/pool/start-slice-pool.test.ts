import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlicePool, InfNet, selectBackend, startSlicePool, writeSafetensors } from '../../src/index.js';
import { metadataOf } from '../../src/network/model-file.js';
import { maxDifference } from '../values.js';
import { buildWorker } from './built-worker.js';

const slice = { data: Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 7) % 256), height: 64, width: 64 };

describe('a pool from a file of weights', () => {
  let built: Awaited<ReturnType<typeof buildWorker>>;
  let model: InfNet;
  let weights: Uint8Array;
  beforeAll(async () => {
    await selectBackend('wasm');
    model = InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 });
    const metadata = { ...metadataOf(model.architecture, model.options), 'infnet.size': '64' };
    weights = writeSafetensors(await model.stateDict(), { metadata });
    built = await buildWorker();
  });
  afterAll(() => {
    model.dispose();
    built.remove();
  });

  it('says what it found, and gives what the network gives', async () => {
    const before = weights.slice();
    await using pool = await startSlicePool(weights, { workers: 2, worker: () => built.start() });
    expect(pool.backend).toMatchObject({ name: 'wasm' });
    expect(pool.backend.tried.map(({ name }) => name)).toContain('webgl');
    expect(pool.model).toMatchObject({
      name: 'inf-net',
      classes: 1,
      parameters: model.parameterCount,
      trainedSize: 64,
    });
    expect(pool.parallel).toBe(2);
    expect(pool.device).toMatch(/^2 workers, wasm/);
    expect(weights).toEqual(before);
    await using inThread = await createSlicePool(model, { workers: 0 });
    const [here, there] = await Promise.all([inThread.predict(slice), pool.predict(slice)]);
    expect(maxDifference(there.data, here.data)).toBeLessThan(1e-5);
  });

  it('takes the backend that is asked for', async () => {
    await using pool = await startSlicePool(weights, {
      backend: ['webgl', 'cpu'],
      workers: 1,
      worker: () => built.start(),
    });
    expect(pool.backend.name).toBe('cpu');
    expect(pool.backend.tried).toMatchObject([{ name: 'webgl', code: 'backend-not-supported' }]);
  });

  it('fails where the file holds no network, with what the worker says', async () => {
    const pool = startSlicePool(new Uint8Array(100), { worker: () => built.start() });
    await expect(pool).rejects.toMatchObject({
      code: 'worker-not-started',
      message: expect.stringMatching(/a worker cannot start/) as string,
    });
  });
});
