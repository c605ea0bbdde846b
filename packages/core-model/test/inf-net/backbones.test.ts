import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InfNet, type InfNetOutputs, loadModel, ShapeError, writeSafetensors } from '../../src/index.js';
import { readGoldenKeys, readGoldenTensors } from '../golden-files.js';
import { expectGroupGradients } from '../network/expect-group-gradients.js';
import { overfit } from '../network/overfit.js';
import { maxDifference } from '../values.js';
import { goldenImages, goldenTargets, MAPS } from '../golden-inputs.js';
import { goldenNetwork, goldenState } from './golden-network.js';

/** spec of the golden data: 20 to 50 times the float32 deviation of the reference itself. */
const EVAL = 1e-4;
const TRAIN = {
  resnet50: { map: 5e-3, edge: 3e-4, statistics: 2e-4 },
  vgg16: { map: 3e-4, edge: 3e-4, statistics: 2e-4 },
} as const;
const KEYS = { resnet50: 740, vgg16: 460 } as const;

const names = Object.keys(MAPS) as (keyof typeof MAPS)[];

async function expectMaps(
  outputs: InfNetOutputs,
  file: string,
  tolerance: (map: string) => number,
): Promise<void> {
  const golden = readGoldenTensors(file);
  for (const name of names) {
    const worst = maxDifference(await outputs[name].data(), golden.tensor(MAPS[name]).data);
    expect(worst, name).toBeLessThan(tolerance(name));
  }
}

for (const kind of ['resnet50', 'vgg16'] as const) {
  describe(`Inf-Net on ${kind}, on wasm`, () => {
    let model: InfNet;
    beforeAll(async () => {
      expect(await tf.setBackend('wasm')).toBe(true);
      model = goldenNetwork(kind);
    });
    afterAll(() => model.dispose());

    it('evaluates 96x96 as the reference does', async () => {
      const images = goldenImages(1, 96, 96);
      const file = `forward-${kind}-eval-1x96x96.safetensors`;
      const plain = model.forward(images);
      await expectMaps(plain, file, () => EVAL);
      tf.dispose(Object.values(plain));
      using fused = model.fuse();
      await expectMaps(fused.forward(images), file, () => EVAL);
    });

    it('has the names, shapes and order of the reference, and is known by them', async () => {
      using again = await loadModel(writeSafetensors(goldenState(kind)));
      expect(again.options).toEqual(model.options);
      const dict = await again.stateDict();
      const entries = [...dict].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
      expect(entries).toEqual(readGoldenKeys(kind));
      expect(entries).toHaveLength(KEYS[kind]);
    });

    it('normalises by the batch in training, and moves the running statistics as PyTorch does', async () => {
      const file = `forward-${kind}-train-2x64x96.safetensors`;
      const { map, edge, statistics } = TRAIN[kind];
      const outputs = model.forward(goldenImages(2, 64, 96), { training: true });
      await expectMaps(outputs, file, (name) => (name === 'edge' ? edge : map));
      const moved: number[] = [];
      for (const buffer of model.buffers().values()) moved.push(...(await buffer.data()));
      expect(maxDifference(moved, readGoldenTensors(file).tensor('running_stats').data)).toBeLessThan(
        statistics,
      );
    });

    it('is the same code when small: gradients, and it learns', async () => {
      using small = InfNet.create({
        backbone: kind,
        width: 0.125,
        channels: 8,
        blocks: kind === 'vgg16' ? [1, 1, 2, 1] : [1, 1, 1, 1],
      });
      const size = 64;
      await expectGroupGradients(small, goldenImages(2, size, size));
      const { mask } = goldenTargets(2, size, size, 'infnet-golden-1');
      const { first, last } = await overfit(small, goldenImages(2, size, size), mask, { steps: 20 });
      expect(last / first).toBeLessThan(0.8);
      const side = small.inputMultiple + 8;
      expect(() => small.forward(tf.zeros([1, side, side, 3]))).toThrow(ShapeError);
    });
  });
}
