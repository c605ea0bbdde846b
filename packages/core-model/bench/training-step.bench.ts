import * as tf from '@tensorflow/tfjs';
import { bench, describe } from 'vitest';
import { InfNet, selectBackend } from '../src/index.js';
import { fastest, runPython } from './peers.js';
import { goldenImages, goldenTargets } from '../test/golden-inputs.js';

/**
 * One forward and backward pass of the whole Res2Net50 Inf-Net, WebAssembly, one thread; `mean` is milliseconds a step.
 * PyTorch does the same beside it, on one thread too, where Python has it.
 */
const SIZE = 352;

await selectBackend('wasm');
const model = InfNet.create();
const variables = [...model.parameters().values()];
const images = goldenImages(1, SIZE, SIZE);
const { mask } = goldenTargets(1, SIZE, SIZE, 'bench');

describe(`training step, 1x${SIZE}x${SIZE}, wasm, one thread`, () => {
  bench(
    'forward and backward, blocks recomputed',
    async () => {
      const { value, grads } = tf.variableGrads(() => {
        const { globalMap, s5, s4, s3, edge } = model.forward(images, { training: true });
        const errors = [globalMap, s5, s4, s3, edge].map((map) =>
          tf.mean(tf.square(tf.sub(tf.sigmoid(map), mask))),
        );
        return tf.addN(errors).asScalar();
      }, variables);
      await value.data();
      tf.dispose([value, Object.values(grads)]);
    },
    { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0, teardown: tellPeer },
  );
});

/** Once the steps are made: vitest runs no afterAll hooks when it benches. */
function tellPeer(_task: unknown, mode: 'run' | 'warmup'): void {
  if (mode !== 'run') return;
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stderr.write(`peak memory of this process: ${mebibytes} MiB\n`);
  const theirs = fastest(runPython('measure.py', ['step', SIZE, 3, 1]));
  process.stderr.write(`PyTorch, one thread, the same step: ${theirs}, the fastest of 3\n`);
}
