import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { createModel } from '../../src/index.js';
import { readGoldenJson } from '../golden-files.js';
import { GOLDEN_SEED, hash } from '../golden-scheme.js';
import { goldenImages } from '../golden-inputs.js';
import { goldenState } from '../inf-net/golden-network.js';

interface GoldenRun {
  batch: [batch: number, channels: number, height: number, width: number];
  lr: number;
  steps: { loss: { total: number }; params: Record<string, { l2: number }> }[];
  grad_step0: { tensors: Record<string, [sum: number, l2: number, ...samples: number[]]> };
  float32_grad_l2_rel_dev: { 'tensors_with_l2_below_1e-9': string[] };
}

const MOMENTUM = 0.7;
/** spec of the golden data, relative: the loss over three steps, and 90 % of the gradients of the first. */
const TOLERANCE = { loss: 1e-4, gradient: 1e-3, weights: 1e-4 };

async function l2(x: tf.Tensor): Promise<number> {
  return Math.sqrt(((await x.data()) as Float32Array).reduce((sum, value) => sum + value * value, 0));
}

/** The formula labels as one-hot classes, [b,h,w,3]. (`tf.oneHot` writes integers' bits into a float32 tensor on wasm.) */
function oneHot(b: number, h: number, w: number, seed: string): tf.Tensor4D {
  const values = new Float32Array(b * h * w * 3);
  for (let i = 0; i < b * h * w; i++) values[3 * i + (hash(`${seed}:labels`, i) % 3)] = 1;
  return tf.tensor4d(values, [b, h, w, 3]);
}

it('the multi-class U-Net trains as the reference does, with SGD and batch statistics, on wasm', async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  const golden = readGoldenJson<GoldenRun>('train-unet-bce-batchbn-lr0.01-2x48x64.json');
  const [b, channels, h, w] = golden.batch;
  using model = createModel('multi-class-unet');
  model.loadStateDict(goldenState('unet'));
  const variables = model.parameters();
  const velocities = new Map<string, tf.Tensor>();
  for (const [t, step] of golden.steps.entries()) {
    const seed = `${GOLDEN_SEED}-step${t}`;
    const [images, labels] = [goldenImages(b, h, w, seed, channels), oneHot(b, h, w, seed)];
    const { value, grads } = tf.variableGrads(() => {
      const { logits } = model.forward(images, { training: true });
      return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, labels))).asScalar();
    }, [...variables.values()]);
    expect(Math.abs((await value.data())[0]! / step.loss.total - 1), `step ${t}`).toBeLessThan(
      TOLERANCE.loss,
    );
    if (t === 0) {
      const zero = golden.float32_grad_l2_rel_dev['tensors_with_l2_below_1e-9'];
      const names = Object.keys(golden.grad_step0.tensors);
      expect(new Set(variables.keys())).toEqual(new Set(names));
      const deviations: number[] = [];
      for (const name of names.filter((key) => !zero.includes(key))) {
        const expected = golden.grad_step0.tensors[name]![1];
        deviations.push(Math.abs((await l2(grads[variables.get(name)!.name]!)) / expected - 1));
      }
      const within = deviations.filter((deviation) => deviation < TOLERANCE.gradient).length;
      expect(within / deviations.length).toBeGreaterThanOrEqual(0.9);
    }
    for (const [name, variable] of variables) {
      const gradient = grads[variable.name]!;
      const before = velocities.get(name);
      const velocity = before ? tf.add(tf.mul(before, MOMENTUM), gradient) : gradient;
      velocities.set(name, velocity);
      variable.assign(tf.sub(variable, tf.mul(velocity, golden.lr)));
    }
    for (const [name, { l2: expected }] of Object.entries(step.params)) {
      expect(Math.abs((await l2(variables.get(name)!)) / expected - 1), `step ${t} ${name}`).toBeLessThan(
        TOLERANCE.weights,
      );
    }
  }
});
