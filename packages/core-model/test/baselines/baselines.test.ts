import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createModel,
  loadModel,
  type ModelName,
  type SegmentationNetwork,
  writeSafetensors,
} from '../../src/index.js';
import { GOLDEN_SEED } from '../golden-scheme.js';
import { goldenImages, goldenTargets } from '../golden-inputs.js';
import { expectGroupGradients } from '../network/expect-group-gradients.js';
import { overfit } from '../network/overfit.js';
import { maxDifference } from '../values.js';
import { SMALL_NETWORKS } from './small-networks.js';

const SIZE = 32;

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

const imagesFor = ({ inputChannels }: SegmentationNetwork, size = SIZE): tf.Tensor4D =>
  goldenImages(2, size, size, GOLDEN_SEED, inputChannels);

for (const [name, options] of Object.entries(SMALL_NETWORKS) as [ModelName, object][]) {
  describe(`${name} on wasm`, () => {
    it('gives logits at the size of the input, the same again when fused, and frees what it made', async () => {
      const before = tf.memory().numTensors;
      const model = createModel(name, options);
      const images = imagesFor(model, 2 * SIZE);
      tf.dispose(model.forward(images, { training: true })); // statistics that are not 0 and 1
      const fused = model.fuse();
      const parameters = fused.parameterCount;
      const plain = Object.values(model.forward(images))[0]!;
      model.dispose();
      const folded = Object.values(fused.forward(images))[0]!;
      expect(plain.shape).toEqual([2, 2 * SIZE, 2 * SIZE, model.classes]);
      const scale = Math.max(...(await tf.abs(plain).data()));
      expect(scale).toBeGreaterThan(0);
      expect(maxDifference(await plain.data(), await folded.data()) / scale).toBeLessThan(1e-5);
      expect(parameters).toBe(model.parameterCount);
      const probability = fused.predict(images);
      const values = await probability.data();
      expect(values.every((value) => value > 0 && value < 1)).toBe(true);
      tf.dispose([plain, folded, probability, images]);
      fused.dispose();
      tf.disposeVariables();
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1); // of tf.abs
    });

    it('has the gradient of a difference quotient in each group of parameters, recomputed or not', async () => {
      using model = createModel(name, options);
      await expectGroupGradients(model, imagesFor(model));
    });

    it('overfits one batch', async () => {
      using model = createModel(name, options);
      const { mask } = goldenTargets(2, SIZE, SIZE, GOLDEN_SEED);
      const { first, last } = await overfit(model, imagesFor(model), mask);
      expect(last / first).toBeLessThan(0.6);
    });

    it('travels through a file, and refuses images of another size or depth', async () => {
      using model = createModel(name, { ...options, seed: 3 });
      const bytes = writeSafetensors(await model.stateDict(), {
        metadata: { 'infnet.architecture': JSON.stringify({ name, ...model.options }) },
      });
      using again = await loadModel(bytes);
      expect(again.architecture).toBe(name);
      expect(again.options).toEqual(model.options);
      const image = imagesFor(model);
      const [ours, theirs] = [model.predict(image), again.predict(image)];
      expect(maxDifference(await ours.data(), await theirs.data())).toBe(0);
      expect(() => model.forward(tf.zeros([1, 8, 8, model.inputChannels]))).toThrow(/8x8/);
      expect(() => model.forward(tf.zeros([1, SIZE, SIZE, 4]))).toThrow(/\[1,32,32,4\]/);
    });
  });
}
