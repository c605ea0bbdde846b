/**
 * Predicts slices in a process of its own: alone.mjs SIZE SLICES. Says `ready`, begins when it is told to, and says when
 * it is done.
 */
import { once } from 'node:events';
import * as tf from '@tensorflow/tfjs-core';
import { InfNet, selectBackend } from '../src/index.js';

const [size = 352, slices = 8] = process.argv.slice(2).map(Number);
await selectBackend('wasm');
using model = InfNet.create({ seed: 0 });
using network = model.fuse();
const images = tf.zeros<tf.Rank.R4>([1, size, size, 3]);
await predict(); // packs its weights
process.stdout.write('ready\n');
await once(process.stdin, 'data');
for (let i = 0; i < slices; i++) await predict();
process.stdout.write('done\n');
process.exit();

async function predict(): Promise<void> {
  const probability = network.predict(images);
  await probability.data();
  probability.dispose();
}
