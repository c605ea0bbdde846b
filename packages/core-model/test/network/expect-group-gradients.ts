import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { SegmentationNetwork } from '../../src/index.js';
import { noise } from '../values.js';

/**
 * Compares the gradient of a smooth loss of all maps, at frozen statistics, with central differences along a random
 * step in each group of parameters (what lies under one name at the top of the state dict), and the gradient with
 * recomputed blocks with the plain one. A ReLU or a maximum that changes sides within the step costs a few per cent.
 */
export async function expectGroupGradients(
  model: SegmentationNetwork,
  images: tf.Tensor4D,
  tolerance = 0.05,
): Promise<void> {
  const parameters = [...model.parameters()];
  const variables = parameters.map(([, variable]) => variable);
  tf.dispose(model.forward(images, { training: true })); // statistics of these images
  const loss = (recompute: boolean): tf.Scalar => {
    const outputs = model.forward(images, { recompute });
    const terms = model.outputs.map((name) => tf.mean(tf.square(tf.sub(tf.sigmoid(outputs[name]!), 0.3))));
    return tf.addN(terms).asScalar();
  };
  const plain = tf.variableGrads(() => loss(false), variables).grads;
  const again = tf.variableGrads(() => loss(true), variables).grads;
  const groups = new Map<string, [string, tf.Variable][]>();
  for (const entry of parameters) {
    const group = entry[0].split('.')[0]!;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  for (const [group, members] of groups) {
    const steps = members.map(([, variable], i) => {
      const spread = tf.add(tf.mul(tf.norm(variable), 1 / Math.sqrt(variable.size)), 1e-2);
      return tf.mul(tf.mul(noise(variable.shape, 11 + i), spread), 2e-3);
    });
    const moved = async (sign: number): Promise<number> => {
      members.forEach(([, variable], i) => variable.assign(tf.add(variable, tf.mul(steps[i]!, sign))));
      const [value] = await loss(false).data();
      members.forEach(([, variable], i) => variable.assign(tf.sub(variable, tf.mul(steps[i]!, sign))));
      return value!;
    };
    const along = async (grads: tf.NamedTensorMap): Promise<{ sum: number; size: number }> => {
      const products = members.map(([, { name }], i) => tf.mul(grads[name]!, steps[i]!));
      const [sum] = await tf.addN(products.map((product) => tf.sum(product))).data();
      const [size] = await tf.sqrt(tf.addN(products.map((product) => tf.sum(tf.square(product))))).data();
      return { sum: sum!, size: size! };
    };
    const { sum, size } = await along(plain);
    const difference = ((await moved(1)) - (await moved(-1))) / 2;
    expect(size, `${group} has a gradient`).toBeGreaterThan(0);
    expect(Math.abs(difference - sum), group).toBeLessThan(tolerance * size + 2e-7);
    expect(Math.abs((await along(again)).sum - sum), `${group}, recomputed`).toBeLessThan(1e-3 * size);
  }
}
