import { availableParallelism } from 'node:os';
import { afterAll, bench, describe } from 'vitest';
import { createSlicePool, type PoolSlice, selectBackend } from '../src/index.js';
import { GOLDEN_SEED, goldenImage } from '../test/golden-scheme.js';
import { goldenNetwork } from '../test/inf-net/golden-network.js';
import { buildWorker } from '../test/pool/built-worker.js';

/** A volume of 64 slices of 352x352 through the whole Res2Net50 Inf-Net: two workers against one; `mean` is milliseconds a volume. */
const SIZE = 352;
const SLICES = 64;

await selectBackend('wasm');
const model = goldenNetwork();
const built = await buildWorker();
const grey = goldenImage(GOLDEN_SEED, 1, SIZE, SIZE, 1);
const volume: PoolSlice[] = Array.from({ length: SLICES }, () => ({ data: grey, height: SIZE, width: SIZE }));
const seconds = new Map<number, number>();

describe(`a volume of ${SLICES} slices, ${SIZE}x${SIZE}, wasm, ${availableParallelism()} cores`, () => {
  for (const workers of [1, 2]) {
    bench(
      `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
      async () => {
        await using pool = await createSlicePool(model, { workers, worker: built.start });
        await Promise.all(volume.slice(0, workers).map((slice) => pool.predict(slice))); // packs its weights
        const begun = performance.now();
        let done = 0;
        for await (const { map } of pool.predictAll(volume)) done += map.data.length > 0 ? 1 : 0;
        if (done !== SLICES) throw new Error(`${done} of ${SLICES} slices came back`);
        seconds.set(workers, (performance.now() - begun) / 1000);
      },
      { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 },
    );
  }
  afterAll(() => {
    const [one, two] = [seconds.get(1)!, seconds.get(2)!];
    console.log(
      `without the start: 1 worker ${one.toFixed(1)} s, 2 workers ${two.toFixed(1)} s: ${(one / two).toFixed(2)} times as fast`,
    );
    built.remove();
  });
});
