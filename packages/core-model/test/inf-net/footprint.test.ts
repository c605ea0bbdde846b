import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { InfNet, selectBackend } from '../../src/index.js';
import type { RunKind } from '../../src/backend/check-run.js';
import { footprint } from '../../src/inf-net/footprint.js';

const KINDS: readonly RunKind[] = ['predict', 'train', 'train-recomputing'];

beforeAll(async () => {
  await selectBackend('wasm');
});

describe('the estimated footprint', () => {
  it.each(KINDS)('is near the peak that TensorFlow.js tells: %s', async (kind) => {
    using model = InfNet.create({ width: 0.25, channels: 16, blocks: [2, 2, 2, 2] });
    const size = { batch: 2, height: 96, width: 128 };
    const images = tf.zeros<tf.Rank.R4>([2, 96, 128, 3]);
    const before = tf.memory().numBytes;
    const { peakBytes, kernels } = await tf.profile(() => {
      run(model, images, kind);
      return tf.scalar(0);
    });
    images.dispose();
    const parameters = [...model.parameters().values()].reduce((sum, one) => sum + one.size, 0);
    const { totalBytes, tensorBytes } = footprint(model.options, parameters, kind)!(size);
    expect(totalBytes / (peakBytes - before)).toBeGreaterThan(0.9);
    expect(totalBytes / (peakBytes - before)).toBeLessThan(1.6);
    const largest = Math.max(
      ...kernels.flatMap((one) => one.outputShapes.map((shape) => 4 * tf.util.sizeFromShape(shape))),
    );
    expect(tensorBytes).toBeGreaterThanOrEqual(largest);
  });
});

function run(model: InfNet, images: tf.Tensor4D, kind: RunKind): void {
  if (kind === 'predict') {
    model.predict(images).dispose();
    return;
  }
  const options = { training: true, recompute: kind === 'train-recomputing' };
  const { value, grads } = tf.variableGrads(
    () => tf.addN(Object.values(model.forward(images, options)).map((map) => tf.mean(map))).asScalar(),
    [...model.parameters().values()],
  );
  tf.dispose([value, grads]);
}
