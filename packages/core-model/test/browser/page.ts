/** What page.test.ts calls in the page that it opens. */
import { createSlicePool, InfNet, normaliseSlices, type PoolSlice, selectBackend } from '../../src/index.js';

const SIDE = 64;
const WASM = { wasmPaths: '/wasm/' };

/** Slices that differ from each other. */
const slices = (count: number): PoolSlice[] =>
  Array.from({ length: count }, (_, n) => ({
    data: Uint8Array.from({ length: SIDE * SIDE }, (__, i) => (i * (n + 3) + 40 * n) % 256),
    height: SIDE,
    width: SIDE,
  }));

async function network(): Promise<InfNet> {
  await selectBackend('wasm', WASM);
  return InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 });
}

async function predict(model: InfNet, { data }: PoolSlice): Promise<Float32Array> {
  const images = normaliseSlices([data], SIDE, SIDE); // [1,64,64,3]
  const probability = model.predict(images); // [1,64,64,1]
  const values = Float32Array.from(await probability.data());
  images.dispose();
  probability.dispose();
  return values;
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const program = {
  /** Largest difference of the pool's maps to the network's, and what becomes of a worker that dies. */
  async pool(): Promise<{ device: string; worst: number; failure: unknown; started: number; after: number }> {
    const model = await network();
    const started: Worker[] = [];
    const worker = (): Worker => {
      started.push(new Worker('/worker.js', { type: 'module' }));
      return started.at(-1)!;
    };
    const pool = await createSlicePool(model, { workers: 2, worker, ...WASM });
    let worst = 0;
    for await (const { slice, map } of pool.predictAll(slices(6))) {
      worst = Math.max(worst, difference(map.data, await predict(model, slice)));
    }
    const doomed = pool.predict(slices(1)[0]!);
    started[0]!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
    const failure: unknown = await doomed.catch((error: { code: string }) => error.code);
    const [last] = slices(1);
    const after = difference((await pool.predict(last!)).data, await predict(model, last!));
    await pool.dispose();
    model.dispose();
    return { device: pool.device, worst, failure, started: started.length, after };
  },

  /** Saves to the browser's database and loads from there. */
  async database(): Promise<{ names: boolean; worst: number; unknown: unknown }> {
    const model = await network();
    await model.save('indexeddb://infnet-test');
    const loaded = await InfNet.fromPretrained('indexeddb://infnet-test');
    const [slice] = slices(1);
    const [before, after] = [await model.stateDict(), await loaded.stateDict()];
    const worst = difference(await predict(loaded, slice!), await predict(model, slice!));
    const unknown: unknown = await InfNet.fromPretrained('indexeddb://never-saved').catch(
      (error: { code: string }) => error.code,
    );
    model.dispose();
    loaded.dispose();
    return { names: Object.keys(before).join() === Object.keys(after).join(), worst, unknown };
  },

  /** Loads an address twice, through the cache; the events tell where the bytes came from. */
  async cached(
    integrity: string,
  ): Promise<{ first: string; second: string; damaged: string; same: boolean }> {
    await selectBackend('wasm', WASM);
    const address = new URL('/model.safetensors', location.href).href;
    const load = async (): Promise<[string, InfNet]> => {
      let last = 'nothing';
      const model = await InfNet.fromPretrained(address, {
        integrity,
        onProgress: ({ type }) => (last = type),
      });
      return [last, model];
    };
    const [first, one] = await load();
    const [second, two] = await load();
    const same = difference(await predict(one, slices(1)[0]!), await predict(two, slices(1)[0]!)) === 0;
    const cache = await caches.open('infnet-weights');
    const kept = (await cache.match(address))!;
    const bytes = new Uint8Array(await kept.arrayBuffer());
    bytes[bytes.length - 1]! ^= 1;
    await cache.put(address, new Response(bytes, { headers: kept.headers }));
    const [damaged, three] = await load();
    for (const model of [one, two, three]) model.dispose();
    return { first, second, damaged, same };
  },
};

/** The page's one global. */
export type BrowserPage = typeof program;

Object.assign(globalThis, { program });
