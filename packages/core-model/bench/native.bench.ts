import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, type BenchOptions, describe } from 'vitest';
import { exportOnnx, selectBackend } from '../src/index.js';
import { goldenNetwork } from '../test/inf-net/golden-network.js';
import { inWords, type PeerTimes, runNodeBackend, runPython } from './peers.js';

/** The whole Res2Net50 Inf-Net on one slice of 352x352 on all cores: the `node` backend, PyTorch and onnxruntime, in turns. */
const SIZE = 352;
const RUNS = 5;
const ONCE = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 };
const threads = availableParallelism();

await selectBackend('wasm');
const folder = mkdtempSync(join(tmpdir(), 'infnet-native-'));
const onnx = join(folder, 'model.onnx');
using model = goldenNetwork();
writeFileSync(onnx, await exportOnnx(model, { height: SIZE, width: SIZE }));

describe(`forward, 1x${SIZE}x${SIZE}, native, ${threads} threads, with the start of a process`, () => {
  compare('node (libtensorflow), fused', () => runNodeBackend([SIZE, RUNS]));
  compare('PyTorch', () => runPython('measure.py', ['forward', SIZE, RUNS, threads]));
  compare(
    'onnxruntime (Python), the exported model',
    () => runPython('measure_onnx.py', [onnx, SIZE, RUNS, threads]),
    { teardown: tidy },
  );
});

/** Once all have run: vitest runs no afterAll hooks when it benches. */
function tidy(_task: unknown, mode: 'run' | 'warmup'): void {
  if (mode === 'run') rmSync(folder, { recursive: true });
}

function compare(what: string, run: () => PeerTimes | Promise<PeerTimes>, more: BenchOptions = {}): void {
  bench(what, async () => void process.stderr.write(`${what}: ${inWords(await run())}\n`), {
    ...ONCE,
    ...more,
  });
}
