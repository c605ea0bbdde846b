import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { modelCost } from '../../src/index.js';

const SIZE = { height: 352, width: 352 };

it('counts the reference networks as measured on its own code', () => {
  const giga = (value: number): number => Number((value / 1e9).toFixed(3));
  const count = (cost: ReturnType<typeof modelCost>): [number, number] => [
    cost.parameters,
    giga(cost.multiplyAdds),
  ];
  expect(count(modelCost('inf-net', {}, SIZE))).toEqual([33_121_721, 13.843]);
  expect(count(modelCost('multi-class-unet', {}, SIZE))).toEqual([17_269_251, 75.817]);
});

it('takes no backend and leaves none, nor a tensor', () => {
  const before = tf.engine().state.numTensors;
  modelCost('inf-net', { width: 0.25 }, SIZE);
  expect(tf.engine().state.numTensors).toBe(before);
  expect(tf.engine().backendNames()).not.toContain('infnet-shapes');
});
