import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { boundaryWeight, edgeLoss, structureLoss, weightedBceLoss, weightedIouLoss } from '../src/index.js';
import { evaluate, expectClose, type Loss, onEachBackend } from './backends.js';
import { golden, goldenLosses, goldenMap, toNchw } from './golden.js';

const CASES = ['c0', 'c1', 'c2', 'c3', 'c4'] as const;

onEachBackend(() => {
  describe.each(CASES)('golden case %s', (id) => {
    const mask = (): tf.Tensor4D => goldenMap(`${id}.mask`);
    const losses: Record<string, Loss> = {
      wiou: (x) => weightedIouLoss(x, mask()),
      wbce_paper: (x) => weightedBceLoss(x, mask()),
      wbce_released: (x) => weightedBceLoss(x, mask(), { compat: 'reference' }),
      joint_paper: (x) => structureLoss(x, mask()),
      joint_released: (x) => structureLoss(x, mask(), { compat: 'reference' }),
      edge_bce: (x) => edgeLoss(x, goldenMap(`${id}.edge`)),
    };

    it('boundary weight', async () => {
      expectClose(await toNchw(boundaryWeight(mask())), golden(`${id}.weight`), 1e-6);
    });

    it.each(Object.keys(losses))('%s: value and gradient', async (name) => {
      const { value, gradient } = await evaluate(losses[name]!, goldenMap(`${id}.logits`));
      expect(Math.abs(value / goldenLosses[id]!.f64[name]! - 1)).toBeLessThan(1e-5);
      expectClose(gradient, expectedGradient(id, name), 1e-5);
    });
  });

  it('a weight computed beforehand changes nothing', async () => {
    const [logits, mask] = [goldenMap('c1.logits'), goldenMap('c1.mask')];
    const given = await evaluate((x) => structureLoss(x, mask, { weight: boundaryWeight(mask) }), logits);
    expect(given).toEqual(await evaluate((x) => structureLoss(x, mask), logits));
  });

  it('each image counts alike: a batch is the mean of its images', async () => {
    const [logits, mask] = [goldenMap('c0.logits'), goldenMap('c0.mask')];
    const image = (x: tf.Tensor4D, i: number): tf.Tensor4D => tf.slice4d(x, [i, 0, 0, 0], [1, -1, -1, -1]);
    const alone = async (i: number): Promise<number> =>
      (await structureLoss(image(logits, i), image(mask, i)).data())[0]!;
    const together = (await structureLoss(logits, mask).data())[0]!;
    expect(together).toBeCloseTo(((await alone(0)) + (await alone(1))) / 2, 5);
  });

  it.each([60, 1e4])(
    'finite for wrong and right logits of +-%i on empty, full and half masks',
    async (size) => {
      const half = tf.concat([tf.zeros([1, 8, 4, 1]), tf.ones([1, 8, 4, 1])], 2) as tf.Tensor4D;
      for (const mask of [tf.zeros([1, 8, 8, 1]), tf.ones([1, 8, 8, 1]), half] as tf.Tensor4D[]) {
        for (const sign of [-1, 1]) {
          const logits = tf.fill([1, 8, 8, 1], sign * size) as tf.Tensor4D;
          const { value, gradient } = await evaluate((x) => structureLoss(x, mask), logits);
          expect(Number.isFinite(value)).toBe(true);
          expect(gradient.every(Number.isFinite)).toBe(true);
        }
      }
    },
  );

  it('a perfect prediction costs nothing, a wholly wrong one more than any other', async () => {
    const mask = goldenMap('c0.mask');
    const of = async (scale: number): Promise<number> =>
      (await structureLoss(tf.mul(tf.sub(tf.mul(mask, 2), 1), scale), mask).data())[0]!;
    const [right, undecided, wrong] = [await of(30), await of(0), await of(-30)];
    expect(right).toBeLessThan(1e-5);
    expect(undecided).toBeGreaterThan(1);
    expect(wrong).toBeGreaterThan(30);
  });

  it('keeps no tensor but the loss', () => {
    const [logits, mask] = [goldenMap('c0.logits'), goldenMap('c0.mask')];
    const before = tf.memory().numTensors;
    structureLoss(logits, mask);
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});

/** The file holds the gradient of every term, and of the released sum; the paper's sum is the sum of its terms. */
function expectedGradient(id: string, name: string): ArrayLike<number> {
  if (name !== 'joint_paper') return golden(`${id}.grad.${name}`);
  const iou = golden(`${id}.grad.wiou`);
  return Float64Array.from(golden(`${id}.grad.wbce_paper`), (bce, i) => bce + iou[i]!);
}

describe('refuses', () => {
  const map = (...shape: number[]): tf.Tensor4D => tf.zeros(shape as [number, number, number, number]);

  it('shapes that differ', () => {
    for (const loss of [structureLoss, weightedBceLoss, weightedIouLoss, edgeLoss]) {
      expect(() => loss(map(1, 4, 4, 1), map(1, 4, 5, 1))).toThrow(
        expect.objectContaining({ name: 'LossError', code: 'shape-mismatch' }),
      );
    }
  });

  it('shapes that are no maps', () => {
    const invalid = expect.objectContaining({ code: 'invalid-shape' });
    expect(() => edgeLoss(map(4, 4), map(4, 4))).toThrow(invalid);
    expect(() => edgeLoss(map(0, 4, 4, 1), map(0, 4, 4, 1))).toThrow(invalid);
    expect(() => boundaryWeight(map(4, 4))).toThrow(invalid);
  });

  it('a weight of another size', () => {
    for (const loss of [structureLoss, weightedBceLoss, weightedIouLoss]) {
      expect(() => loss(map(2, 4, 4, 1), map(2, 4, 4, 1), { weight: map(1, 4, 4, 1) })).toThrow(
        expect.objectContaining({ code: 'shape-mismatch' }),
      );
    }
  });

  it('an unknown compat', () => {
    expect(() => structureLoss(map(1, 4, 4, 1), map(1, 4, 4, 1), { compat: 'released' as 'paper' })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});
