import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { modelCost, type ModelName } from '../../src/index.js';

const SIZE = { height: 352, width: 352 };

it('counts the reference networks as measured on its own code', () => {
  const giga = (value: number): number => Number((value / 1e9).toFixed(3));
  const expected = [
    ['inf-net', {}, 33_121_721, 13.843],
    ['inf-net', { backbone: 'resnet50' }, 30_911_401, 12.842],
    ['inf-net', { backbone: 'vgg16' }, 34_278_057, 47.663],
    ['multi-class-unet', {}, 17_269_251, 75.817],
  ] as const;
  for (const [name, options, parameters, multiplyAdds] of expected) {
    const cost = modelCost(name, options, SIZE);
    expect([cost.parameters, giga(cost.multiplyAdds)], JSON.stringify(options)).toEqual([
      parameters,
      multiplyAdds,
    ]);
  }
});

it('counts what the docs say of the baselines', () => {
  const millions = (name: ModelName): number =>
    Number((modelCost(name, {}, SIZE).parameters / 1e6).toFixed(3));
  expect(millions('unet')).toBe(7.853);
  expect(millions('unet++')).toBe(9.163);
  expect(millions('attention-unet')).toBe(8.727);
  expect(millions('gated-unet')).toBe(0.166);
  expect(millions('dense-unet')).toBe(44.862);
  expect(millions('fcn8s')).toBe(134.278);
  expect(millions('deeplabv3+')).toBe(59.34);
});

it('takes no backend and leaves none, nor a tensor', () => {
  const before = tf.engine().state.numTensors;
  modelCost('inf-net', { width: 0.25 }, SIZE);
  expect(tf.engine().state.numTensors).toBe(before);
  expect(tf.engine().backendNames()).not.toContain('infnet-shapes');
});
