import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createModel,
  createSlicePool,
  InfNet,
  normaliseSlices,
  PoolError,
  type PoolSlice,
} from '../../src/index.js';
import type { PoolWorker } from '../../src/pool/worker-thread.js';
import { maxDifference } from '../values.js';
import { buildWorker } from './built-worker.js';

const SMALL = { width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 } as const;

/** Slices that differ from each other. */
const slices = (count: number, side = 64): PoolSlice[] =>
  Array.from({ length: count }, (_, n) => ({
    data: Uint8Array.from({ length: side * side }, (__, i) => (i * (n + 3) + 40 * n) % 256),
    height: side,
    width: side,
  }));

let model: InfNet;
let built: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  model = InfNet.create(SMALL);
  built = await buildWorker();
});
afterAll(() => {
  model.dispose();
  built.remove();
});

async function expected(slice: PoolSlice): Promise<Float32Array> {
  const images = normaliseSlices([slice.data], slice.height, slice.width);
  const probability = model.predict(images);
  const values = Float32Array.from(await probability.data());
  tf.dispose([images, probability]);
  return values;
}

async function expectAll(
  pool: Awaited<ReturnType<typeof createSlicePool>>,
  given: PoolSlice[],
): Promise<void> {
  let n = 0;
  for await (const { slice, map } of pool.predictAll(given)) {
    expect(slice).toBe(given[n++]);
    expect([map.height, map.width, map.classes]).toEqual([slice.height, slice.width, 1]);
    expect(maxDifference(map.data, await expected(slice))).toBeLessThan(1e-5);
  }
  expect(n).toBe(given.length);
}

describe.each([
  ['two workers', { workers: 2, worker: () => built.start() }],
  ['batches in this thread', { workers: 0, batch: 3 }],
])('%s', (name, options) => {
  it('give what the network gives, in order, whatever the sizes, and any number of times', async () => {
    await using pool = await createSlicePool(model, options);
    expect(pool.device).toContain('wasm');
    expect(pool.parallel).toBe(name === 'two workers' ? 2 : 3);
    await expectAll(pool, [...slices(5), ...slices(2, 96), ...slices(3)]);
    await expectAll(pool, slices(2));
    await expectAll(pool, []);
    const maps = await Promise.all(slices(4).map((slice) => pool.predict(slice)));
    expect(maxDifference(maps[3]!.data, await expected(slices(4)[3]!))).toBeLessThan(1e-5);
  });

  it('ask for slices as they have room, from an asynchronous source too', async () => {
    await using pool = await createSlicePool(model, options);
    let taken = 0;
    let given = 0;
    let most = 0;
    const source = async function* (): AsyncGenerator<PoolSlice> {
      for (const slice of slices(12)) {
        taken++;
        most = Math.max(most, taken - given);
        yield await Promise.resolve(slice);
      }
    };
    for await (const _ of pool.predictAll(source())) given++;
    expect([taken, given]).toEqual([12, 12]);
    expect(most).toBeLessThanOrEqual(2 * pool.parallel + 1);
  });

  it('a size the network does not take fails that slice alone', async () => {
    await using pool = await createSlicePool(model, options);
    const [good] = slices(1);
    const results = await Promise.allSettled([
      pool.predict({ ...good!, height: 63 }),
      pool.predict(slices(1, 48)[0]!),
      pool.predict(good!),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    for (const result of results.slice(0, 2)) {
      expect((result as PromiseRejectedResult).reason).toMatchObject({ code: 'invalid-size' });
    }
  });

  it('a full queue is a typed error', async () => {
    await using pool = await createSlicePool(model, { ...options, queue: 4 });
    const results = await Promise.allSettled(slices(9).map((slice) => pool.predict(slice)));
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.length).toBe(name === 'two workers' ? 3 : 5);
    expect(refused[0]!.reason).toMatchObject({ code: 'queue-full' });
  });

  it('an abort rejects with its reason, and the pool goes on', async () => {
    await using pool = await createSlicePool(model, options);
    const abort = new AbortController();
    const all = pool.predictAll(slices(50), { signal: abort.signal });
    await all.next();
    abort.abort(new Error('enough'));
    await expect(all.next()).rejects.toThrow('enough');
    await expect(pool.predict(slices(1)[0]!, { signal: abort.signal })).rejects.toThrow('enough');
    await expectAll(pool, slices(3));
  });

  it('dispose rejects what waits, twice is once, and nothing is left', async () => {
    const before = tf.memory().numTensors;
    const pool = await createSlicePool(model, options);
    const waiting = Promise.allSettled(slices(20).map((slice) => pool.predict(slice)));
    await Promise.all([pool.dispose(), pool.dispose()]);
    const last = (await waiting).at(-1) as PromiseRejectedResult;
    expect(last.reason).toMatchObject({ code: 'pool-disposed' });
    await expect(pool.predict(slices(1)[0]!)).rejects.toThrow(PoolError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a worker that dies', () => {
  it('fails its slice and is replaced; the others go on', async () => {
    const started: PoolWorker[] = [];
    const worker = (): PoolWorker => {
      started.push(built.start());
      return started.at(-1)!;
    };
    await using pool = await createSlicePool(model, { workers: 2, worker });
    const results = slices(8).map((slice) => pool.predict(slice));
    await (started[0]!.terminate() as Promise<number>);
    const settled = await Promise.allSettled(results);
    const failed = settled.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(failed).toHaveLength(1);
    expect(failed[0]!.reason).toBeInstanceOf(PoolError);
    expect(failed[0]!.reason).toMatchObject({ code: 'worker-died' });
    expect(started).toHaveLength(3);
    await expectAll(pool, slices(6));
  });

  it('before it is ready, again and again, is an error of the pool', async () => {
    const { Worker } = await import('node:worker_threads');
    const worker = (): PoolWorker => new Worker('process.exit(3)', { eval: true });
    await expect(createSlicePool(model, { workers: 2, worker })).rejects.toMatchObject({
      code: 'worker-not-started',
      message: expect.stringContaining('code 3') as string,
    });
  });

  it('as its script cannot be found, too', async () => {
    const { Worker } = await import('node:worker_threads');
    const worker = (): PoolWorker => new Worker('/no/such/worker.js');
    await expect(createSlicePool(model, { workers: 1, worker })).rejects.toMatchObject({
      code: 'worker-not-started',
    });
  });
});

it('speaks to a worker of a page: events in the place of calls', async () => {
  /** A Worker of the web around one of Node's. */
  class PageWorker extends EventTarget {
    readonly #inner = built.start();
    constructor() {
      super();
      this.#inner.on('message', (data) => this.dispatchEvent(Object.assign(new Event('message'), { data })));
    }
    postMessage(message: unknown): void {
      this.#inner.postMessage(message, []);
    }
    terminate(): void {
      void this.#inner.terminate();
    }
    fail(): void {
      this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    }
  }
  const started: PageWorker[] = [];
  const worker = (): PoolWorker => {
    started.push(new PageWorker());
    return started.at(-1)!;
  };
  await using pool = await createSlicePool(model, { workers: 1, worker });
  await expectAll(pool, slices(2));
  const broken = pool.predict(slices(1)[0]!);
  started[0]!.fail();
  await expect(broken).rejects.toThrow(/out of memory/);
  await expectAll(pool, slices(2));
});

it('refuses what it cannot do', async () => {
  using guided = createModel('multi-class-unet', { width: 0.125 });
  await expect(createSlicePool(guided)).rejects.toMatchObject({ code: 'unsupported-network' });
  for (const options of [{ workers: -1 }, { workers: 1.5 }, { batch: 0 }, { queue: 0 }]) {
    await expect(createSlicePool(model, options)).rejects.toMatchObject({ code: 'invalid-option' });
  }
});

it('the entry does nothing in a main thread', async () => {
  await expect(import('../../src/worker.js')).resolves.toBeDefined();
});
