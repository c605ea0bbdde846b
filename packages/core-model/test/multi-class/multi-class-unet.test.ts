import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel, loadModel, type ModelOf, writeSafetensors } from '../../src/index.js';
import { readGoldenKeys, readGoldenTensors } from '../golden-files.js';
import { GOLDEN_SEED } from '../golden-scheme.js';
import { goldenImages } from '../golden-inputs.js';
import { goldenState } from '../inf-net/golden-network.js';
import { maxDifference, toNchw } from '../values.js';

/** spec of the golden data: 20 to 50 times the float32 deviation of the reference itself. */
const TOLERANCE = { eval: 1e-4, train: 3e-4, statistics: 2e-4 };

const images = (b: number, h: number, w: number): tf.Tensor4D => goldenImages(b, h, w, GOLDEN_SEED, 6);

describe('multi-class U-Net on wasm', () => {
  let model: ModelOf<'multi-class-unet'>;
  beforeAll(async () => {
    expect(await tf.setBackend('wasm')).toBe(true);
    model = createModel('multi-class-unet');
    model.loadStateDict(goldenState('unet'));
  });
  afterAll(() => model.dispose());

  for (const [h, w] of [
    [64, 64],
    [50, 70],
  ] as const) {
    it(`evaluates ${h}x${w} as the reference does, trainable and fused`, async () => {
      const golden = readGoldenTensors(`forward-unet-eval-1x${h}x${w}.safetensors`).tensor('logits').data;
      using fused = model.fuse();
      const input = images(1, h, w);
      for (const network of [model, fused]) {
        const { logits } = network.forward(input);
        expect(maxDifference(await toNchw(logits), golden), network.form).toBeLessThan(TOLERANCE.eval);
        logits.dispose();
      }
      input.dispose();
    });
  }

  it('normalises by the batch in training, and moves the running statistics as PyTorch does', async () => {
    const golden = readGoldenTensors('forward-unet-train-2x64x64.safetensors');
    const { logits } = model.forward(images(2, 64, 64), { training: true });
    expect(maxDifference(await toNchw(logits), golden.tensor('logits').data)).toBeLessThan(TOLERANCE.train);
    const moved: number[] = [];
    for (const buffer of model.buffers().values()) moved.push(...(await buffer.data()));
    expect(maxDifference(moved, golden.tensor('running_stats').data)).toBeLessThan(TOLERANCE.statistics);
  });

  it('has exactly the 128 names, shapes and order of the reference, and is known by them', async () => {
    using again = await loadModel(writeSafetensors(goldenState('unet')));
    expect(again.architecture).toBe('multi-class-unet');
    const dict = await again.stateDict();
    expect([...dict].map(([name, { shape, dtype }]) => ({ name, shape, dtype }))).toEqual(
      readGoldenKeys('unet'),
    );
  });
});
