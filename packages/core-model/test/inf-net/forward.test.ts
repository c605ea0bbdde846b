import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InfNet, InfNetOutputs } from '../../src/index.js';
import { readGoldenTensors } from '../golden-files.js';
import { maxDifference } from '../values.js';
import { goldenImages, MAPS } from '../golden-inputs.js';
import { goldenNetwork } from './golden-network.js';

/** spec of the golden data: 20 to 50 times the float32 deviation of the reference itself. */
const EVAL = 1e-4;
const TRAIN = { map: 5e-3, edge: 3e-4, statistics: 2e-4 };

async function differences(outputs: InfNetOutputs, file: string): Promise<Record<keyof typeof MAPS, number>> {
  const golden = readGoldenTensors(file);
  const entries = Object.entries(MAPS) as Array<[keyof typeof MAPS, string]>;
  const worst = entries.map(async ([name, theirs]) => [
    name,
    maxDifference(await outputs[name].data(), golden.tensor(theirs).data),
  ]);
  return Object.fromEntries(await Promise.all(worst)) as Record<keyof typeof MAPS, number>;
}

describe('Res2Net50 Inf-Net on wasm', () => {
  let model: InfNet;
  let fused: InfNet;
  beforeAll(async () => {
    expect(await tf.setBackend('wasm')).toBe(true);
    model = goldenNetwork();
    fused = model.fuse();
  });
  afterAll(() => {
    model.dispose();
    fused.dispose();
  });

  for (const [h, w] of [
    [96, 96],
    [96, 160],
    [352, 352],
  ] as const) {
    it(`evaluates ${h}x${w} as the reference does, trainable and fused`, async () => {
      const images = goldenImages(1, h, w);
      const before = tf.memory().numTensors;
      const plain = model.forward(images);
      const folded = fused.forward(images);
      const file = `forward-res2net50-eval-1x${h}x${w}.safetensors`;
      for (const outputs of [plain, folded]) {
        for (const [name, worst] of Object.entries(await differences(outputs, file))) {
          expect(worst, name).toBeLessThan(EVAL);
        }
      }
      for (const name of Object.keys(MAPS) as Array<keyof typeof MAPS>) {
        expect(maxDifference(await plain[name].data(), await folded[name].data()), name).toBeLessThan(EVAL);
      }
      tf.dispose([Object.values(plain), Object.values(folded)]);
      expect(tf.memory().numTensors).toBe(before);
      images.dispose();
    });
  }

  it('normalises by the batch in training, and moves the running statistics as PyTorch does', async () => {
    const file = 'forward-res2net50-train-2x96x96.safetensors';
    const trained = goldenNetwork();
    const images = goldenImages(2, 96, 96);
    const { edge, ...maps } = await differences(trained.forward(images, { training: true }), file);
    for (const [name, worst] of Object.entries(maps)) expect(worst, name).toBeLessThan(TRAIN.map);
    expect(edge).toBeLessThan(TRAIN.edge);
    const moved: number[] = [];
    for (const buffer of trained.buffers().values()) moved.push(...(await buffer.data()));
    expect(maxDifference(moved, readGoldenTensors(file).tensor('running_stats').data)).toBeLessThan(
      TRAIN.statistics,
    );
    const counted = (await trained.stateDict()).get('resnet.bn1.num_batches_tracked');
    expect(counted?.data).toEqual(BigInt64Array.of(1n));
    trained.dispose();
  });
});
