import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-web';
import { bench, describe } from 'vitest';
import { exportOnnx, selectBackend } from '../src/index.js';
import { goldenImages } from '../test/golden-inputs.js';
import { goldenNetwork } from '../test/inf-net/golden-network.js';
import { inWords, median } from './peers.js';

/**
 * The whole Res2Net50 Inf-Net on one slice of 352x352, WebAssembly, one thread. All take turns, slice by slice, so that what
 * else the machine does meets them alike; their medians are printed, and how much of onnxruntime-web's time ours takes.
 */
const SIZE = 352;
const ROUNDS = { iterations: 15, time: 0, warmupIterations: 2, warmupTime: 0 };

await selectBackend('wasm');
const model = goldenNetwork();
const fused = model.fuse();
const images = goldenImages(1, SIZE, SIZE);
const peer = await onnxRuntime();
const rivals = {
  fused: () => predict(fused),
  'onnxruntime-web, the same network': () => peer.run(),
  'trainable form, evaluating': () => predict(model),
};
type Rival = keyof typeof rivals;
/** Milliseconds of each slice. */
let times: [Rival, number][] = [];

describe(`forward, 1x${SIZE}x${SIZE}, wasm, one thread`, () => {
  bench(
    'a slice by each',
    async () => {
      for (const [name, run] of Object.entries(rivals) as [Rival, () => Promise<Float32Array>][]) {
        const begun = performance.now();
        await run();
        times.push([name, performance.now() - begun]);
      }
    },
    { ...ROUNDS, setup: () => void (times = []), teardown: tell },
  );
});

/** Once all slices are done: vitest runs no afterAll hooks when it benches. */
async function tell(_task: unknown, mode: 'run' | 'warmup'): Promise<void> {
  if (mode !== 'run') return;
  const of = (rival: Rival): number[] => times.filter(([name]) => name === rival).map(([, ms]) => ms);
  for (const name of Object.keys(rivals) as Rival[]) process.stderr.write(`${name}: ${inWords(of(name))}\n`);
  const theirs = of('onnxruntime-web, the same network');
  const ratios = of('fused').map((ms, i) => ms / theirs[i]!);
  process.stderr.write(
    `fused takes ${median(ratios).toFixed(2)} of onnxruntime-web's time, the median of the rounds\n`,
  );
  const [ours, its] = [await predict(fused), await peer.run()];
  const worst = its.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  process.stderr.write(`largest difference of their probabilities: ${worst.toExponential(1)}\n`);
}

async function predict(network: typeof model): Promise<Float32Array> {
  const probability = network.predict(images);
  const values = (await probability.data()) as Float32Array;
  probability.dispose();
  return values;
}

/** The same network, exported, in a session of onnxruntime-web. */
async function onnxRuntime(): Promise<{ run: () => Promise<Float32Array> }> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(await exportOnnx(model, { height: SIZE, width: SIZE }));
  const nchw = tf.tidy(() => tf.transpose(images, [0, 3, 1, 2]));
  const feeds = { images: new ort.Tensor('float32', await nchw.data<'float32'>(), [1, 3, SIZE, SIZE]) };
  return { run: async () => (await session.run(feeds))['probability']!.data as Float32Array };
}
