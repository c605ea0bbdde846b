/** Times the fused Inf-Net on the `node` backend: native-forward.mjs SIZE RUNS. Prints the milliseconds of each run. */
import * as tf from '@tensorflow/tfjs-core';
import { BackendError, InfNet, selectBackend } from '../src/index.js';

const [size = 352, runs = 5] = process.argv.slice(2).map(Number);
try {
  await selectBackend('node');
} catch (error) {
  if (!(error instanceof BackendError)) throw error;
  process.stderr.write(error.message);
  process.exit(1);
}
using model = InfNet.create({ seed: 0 });
using network = model.fuse();
const images = tf.zeros<tf.Rank.R4>([1, size, size, 3]);
const times: number[] = [];
for (let run = 0; run <= runs; run++) {
  const begun = performance.now();
  const probability = network.predict(images);
  await probability.data();
  probability.dispose();
  if (run > 0) times.push(performance.now() - begun); // the first one starts the library
}
process.stdout.write(times.join(' '));
