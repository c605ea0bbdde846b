/**
 * A process that predicts and trains for long on wasm and watches its memory:
 *
 *     node --expose-gc long-run.mjs PREDICTIONS STEPS
 *
 * Prints, as JSON, the tensors and the resident bytes at half of the way (warm) and at the end, of each.
 */
import * as tf from '@tensorflow/tfjs';
import { InfNet, selectBackend } from '../../src/index.js';

/** What there is at one moment. */
export interface MemorySample {
  readonly tensors: number;
  readonly residentBytes: number;
}

/** The printed answer. */
export interface LongRunReport {
  readonly predicting: { readonly warm: MemorySample; readonly end: MemorySample };
  readonly training: { readonly warm: MemorySample; readonly end: MemorySample };
}

const [predictions = 1000, steps = 200] = process.argv.slice(2).map(Number);
await selectBackend('wasm');
const model = InfNet.create({ width: 0.0625, channels: 4, blocks: [1, 1, 1, 1] });
const images = tf.randomUniform<tf.Rank.R4>([1, 64, 64, 3], -1, 1, 'float32', 1);
const mask = tf.randomUniform<tf.Rank.R4>([1, 64, 64, 1], 0, 1, 'float32', 2);

const fused = model.fuse();
const predicting = await watch(predictions, async () => {
  const probability = fused.predict(images);
  await probability.data();
  probability.dispose();
});
fused.dispose();

const optimizer = tf.train.adam(1e-3);
const variables = [...model.parameters().values()];
const training = await watch(steps, async () => {
  const loss = optimizer.minimize(
    () => tf.losses.sigmoidCrossEntropy(mask, model.forward(images, { training: true }).s3),
    true,
    variables,
  );
  await loss!.data();
  loss!.dispose();
});
process.stdout.write(JSON.stringify({ predicting, training } satisfies LongRunReport));

async function watch(
  count: number,
  action: () => Promise<void>,
): Promise<{ warm: MemorySample; end: MemorySample }> {
  let warm = sample();
  for (let i = 0; i < count; i++) {
    if (i === Math.ceil(count / 2)) warm = sample();
    await action();
  }
  return { warm, end: sample() };
}

function sample(): MemorySample {
  globalThis.gc?.();
  return { tensors: tf.memory().numTensors, residentBytes: process.memoryUsage().rss };
}
