import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { bench, describe } from 'vitest';
import { createSlicePool, type PoolSlice, selectBackend } from '../src/index.js';
import { bundleForNode } from '../test/bundle.js';
import { GOLDEN_SEED, goldenImage } from '../test/golden-scheme.js';
import { goldenNetwork } from '../test/inf-net/golden-network.js';
import { buildWorker } from '../test/pool/built-worker.js';

/**
 * A volume of 64 slices of 352x352 through the whole Res2Net50 Inf-Net: two workers against one. Beside it what the
 * machine allows: two processes that know nothing of each other, against one. In turns and in parts, so that what else
 * the machine does meets all of them alike; the fastest part of each is nearest to what it takes by itself.
 */
const SIZE = 352;
const ROUNDS = 4;
/** Of each round. */
const SLICES = 16;
const SLICES_APART = 4;
const ONCE = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 };

await selectBackend('wasm');
const model = goldenNetwork();
const built = await buildWorker();
const alone = await bundleForNode(new URL('alone.ts', import.meta.url));
const grey = goldenImage(GOLDEN_SEED, 1, SIZE, SIZE, 1);
const volume: PoolSlice[] = Array.from({ length: SLICES }, () => ({ data: grey, height: SIZE, width: SIZE }));
/** Seconds a slice in each round, by the number of workers or processes. */
const pooled: Record<1 | 2, number[]> = { 1: [], 2: [] };
const apart: Record<1 | 2, number[]> = { 1: [], 2: [] };

describe(`a volume of ${ROUNDS * SLICES} slices, ${SIZE}x${SIZE}, wasm, ${availableParallelism()} cores`, () => {
  for (let round = 1; round <= ROUNDS; round++) {
    for (const count of [1, 2] as const) {
      const s = count === 1 ? '' : 's';
      bench(
        `${count} process${s && 'es'}, part ${round}`,
        async () => void apart[count].push(await inProcesses(count)),
        ONCE,
      );
      bench(`${count} worker${s}, part ${round}`, async () => void pooled[count].push(await inPool(count)), {
        ...ONCE,
        ...(round === ROUNDS && count === 2 && { teardown: tellGains }),
      });
    }
  }
});

/** Once the volumes are done: vitest runs no afterAll hooks when it benches. */
function tellGains(_task: unknown, mode: 'run' | 'warmup'): void {
  if (mode !== 'run') return;
  process.stderr.write(`without the start:\n${gain('worker', pooled)}\n${gain('process', apart)}\n`);
  built.remove();
}

async function inPool(workers: number): Promise<number> {
  await using pool = await createSlicePool(model, { workers, worker: built.start });
  await Promise.all(volume.slice(0, workers).map((slice) => pool.predict(slice))); // packs its weights
  const begun = performance.now();
  let done = 0;
  for await (const { map } of pool.predictAll(volume)) done += map.data.length > 0 ? 1 : 0;
  if (done !== SLICES) throw new Error(`${done} of ${SLICES} slices came back`);
  return (performance.now() - begun) / 1000 / SLICES;
}

async function inProcesses(count: number): Promise<number> {
  const args = [alone, SIZE, SLICES_APART].map(String);
  const processes = Array.from({ length: count }, () =>
    spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const allTell = (): Promise<unknown> => Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
  await allTell();
  const begun = performance.now();
  const done = allTell();
  for (const { stdin } of processes) stdin.write('go\n');
  await done;
  return (performance.now() - begun) / 1000 / (count * SLICES_APART);
}

function gain(what: string, seconds: Readonly<Record<1 | 2, readonly number[]>>): string {
  const [one, two] = [seconds[1], seconds[2]].map((parts) => ({
    all: parts.reduce((sum, part) => sum + part, 0) / parts.length,
    fastest: Math.min(...parts),
  })) as [Record<'all' | 'fastest', number>, Record<'all' | 'fastest', number>];
  const times = (which: 'all' | 'fastest'): string =>
    `${(one[which] / two[which]).toFixed(2)} times (${one[which].toFixed(2)} s a slice, ${two[which].toFixed(2)} s)`;
  return `a second ${what}: ${times('all')}; the fastest parts: ${times('fastest')}`;
}
