import * as tf from '@tensorflow/tfjs';
import { afterAll, bench, describe } from 'vitest';
import * as ort from 'onnxruntime-web';
import { exportOnnx, selectBackend } from '../src/index.js';
import { goldenImages } from '../test/golden-inputs.js';
import { goldenNetwork } from '../test/inf-net/golden-network.js';

/** The whole Res2Net50 Inf-Net on one slice of 352x352, WebAssembly, one thread; `mean` and `p75` are milliseconds a slice. */
const SIZE = 352;
const ROUNDS = { iterations: 7, time: 0, warmupIterations: 2, warmupTime: 0 };

await selectBackend('wasm');
const model = goldenNetwork();
const fused = model.fuse();
const images = goldenImages(1, SIZE, SIZE);
const peer = await onnxRuntime();

describe(`forward, 1x${SIZE}x${SIZE}, wasm, one thread`, () => {
  bench('fused', async () => void (await predict(fused)), ROUNDS);
  bench('onnxruntime-web, the same network', async () => void (await peer.run()), ROUNDS);
  bench('trainable form, evaluating', async () => void (await predict(model)), ROUNDS);
  afterAll(async () => {
    const theirs = await peer.run();
    const ours = await predict(fused);
    const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
    console.log(`largest difference of the probabilities to onnxruntime-web's: ${worst.toExponential(1)}`);
  });
});

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
