import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  crossEntropyLoss,
  diceLoss,
  generalisedDiceLoss,
  sigmoidBceLoss,
  surfaceLoss,
} from '../src/index.js';
import { evaluate, expectClose, expectGradient, onEachBackend } from './backends.js';
import { golden, goldenLosses, goldenMap, toNchw, unit } from './golden.js';

const LOSSES = {
  CrossEntropy: crossEntropyLoss,
  GeneralizedDice: generalisedDiceLoss,
  DiceLoss: diceLoss,
  SurfaceLoss: surfaceLoss,
} as const;
type Name = keyof typeof LOSSES;
const NAMES = Object.keys(LOSSES) as Name[];

const SHAPE: [number, number, number, number] = [2, 3, 4, 3];
const FLOOR = 1e-10;

const oneHot = (labels: ArrayLike<number>, shape: [number, number, number]): tf.Tensor4D =>
  tf.oneHot(tf.tensor3d(Int32Array.from(labels), shape, 'int32'), 3).toFloat() as tf.Tensor4D;
const goldenTruth = (): tf.Tensor4D => oneHot(golden('mc.labels'), [2, 24, 32]);
const truthOf = (name: Name): tf.Tensor4D => (name === 'SurfaceLoss' ? goldenMap('mc.dist') : goldenTruth());

/** The losses written once more, in double precision, over values of SHAPE and the classes 1 and 2. */
const EXACT: Record<Name, (p: Float64Array, t: ArrayLike<number>) => number> = {
  CrossEntropy: (p, t) => {
    const total = sum(p, (_, i) => (i % 3 > 0 ? t[i]! : 0));
    return -sum(p, (x, i) => (i % 3 > 0 ? t[i]! * Math.log(x + FLOOR) : 0)) / (total + FLOOR);
  },
  GeneralizedDice: (p, t) =>
    mean([0, 1], (image) => {
      const parts = [1, 2].map((c) => overlapAndSizes(p, t, image, c));
      const weights = parts.map(({ present }) => 1 / (present + FLOOR) ** 2);
      const overlap = parts.reduce((a, { overlap: o }, k) => a + weights[k]! * o, FLOOR);
      const sizes = parts.reduce((a, { sizes: s }, k) => a + weights[k]! * s, FLOOR);
      return 1 - (2 * overlap) / sizes;
    }),
  DiceLoss: (p, t) =>
    mean([0, 1], (image) =>
      mean([1, 2], (c) => {
        const { overlap, sizes } = overlapAndSizes(p, t, image, c);
        return 1 - (2 * overlap + FLOOR) / (sizes + FLOOR);
      }),
    ),
  SurfaceLoss: (p, t) => sum(p, (x, i) => (i % 3 > 0 ? x * t[i]! : 0)) / (p.length * (2 / 3)),
};

function overlapAndSizes(
  p: Float64Array,
  t: ArrayLike<number>,
  image: number,
  c: number,
): { overlap: number; sizes: number; present: number } {
  const inside = (i: number): number => (Math.floor(i / 36) === image && i % 3 === c ? 1 : 0);
  const present = sum(p, (_, i) => inside(i) * t[i]!);
  return {
    present,
    overlap: sum(p, (x, i) => inside(i) * x * t[i]!),
    sizes: sum(p, (x, i) => inside(i) * x) + present,
  };
}
function sum(p: Float64Array, term: (x: number, i: number) => number): number {
  return p.reduce((total, x, i) => total + term(x, i), 0);
}
function mean(items: readonly number[], term: (item: number) => number): number {
  return items.reduce((total, item) => total + term(item), 0) / items.length;
}

onEachBackend(() => {
  describe.each(NAMES)('%s', (name) => {
    const loss = LOSSES[name];

    it.each([[[0, 1, 2]], [[1, 2]], [[1]]])('golden value for classes %j', async (classes) => {
      const value = loss(tf.softmax(goldenMap('mc.logits')), truthOf(name), { classes });
      const expected = goldenLosses.extra[`${name}[${classes.join(', ')}]`]!;
      expect(Math.abs((await value.data())[0]! / expected - 1)).toBeLessThan(1e-5);
    });

    it('golden gradient over all classes, the default', async () => {
      const truth = truthOf(name);
      const gradient = tf.grad((p) => loss(p as tf.Tensor4D, truth))(tf.softmax(goldenMap('mc.logits')));
      expectClose(await toNchw(gradient), golden(`mc.grad_probs.${name}`), 1e-5);
    });

    it('some classes: value and gradient against double precision, none for the others', async () => {
      const labels = Array.from({ length: 24 }, (_, i) => i % 3);
      const truth = oneHot(labels, [2, 3, 4]);
      const values = await truth.data();
      const at = tf.tensor4d(
        Array.from({ length: 72 }, (_, i) => 0.5 + 0.45 * unit('p', i)),
        SHAPE,
      );
      await expectGradient(
        (p) => loss(p, truth, { classes: [1, 2] }),
        at,
        (p) => EXACT[name](p, values),
      );
      const { gradient } = await evaluate((p) => loss(p, truth, { classes: [1, 2] }), at);
      expect(gradient.filter((x, i) => i % 3 === 0 && x !== 0)).toHaveLength(0);
    });

    it('finite for probabilities of 0 and 1, and for classes that are absent or everywhere', async () => {
      const extremes = [
        tf.zeros(SHAPE),
        tf.ones(SHAPE),
        oneHot(new Uint8Array(24), [2, 3, 4]),
      ] as tf.Tensor4D[];
      for (const truth of extremes) {
        for (const at of extremes) {
          const { value, gradient } = await evaluate((p) => loss(p, truth), at);
          expect(Number.isFinite(value)).toBe(true);
          expect(gradient.every(Number.isFinite)).toBe(true);
        }
      }
    });

    it('keeps no tensor but the loss', () => {
      const [p, truth] = [tf.softmax(goldenMap('mc.logits')), truthOf(name)];
      const before = tf.memory().numTensors;
      loss(p, truth, { classes: [1] });
      expect(tf.memory().numTensors).toBe(before + 1);
    });
  });

  it('sigmoidBceLoss: value and gradient of the reference', async () => {
    const truth = goldenTruth();
    const logits = goldenMap('mc.logits');
    const { value } = await evaluate((x) => sigmoidBceLoss(x, truth), logits);
    expect(Math.abs(value / goldenLosses.extra['multiclass_sigmoid_bce']! - 1)).toBeLessThan(1e-5);
    const gradient = tf.grad((x) => sigmoidBceLoss(x as tf.Tensor4D, truth))(logits);
    expectClose(await toNchw(gradient), golden('mc.grad_logits.sigmoid_bce'), 1e-5);
  });
});

describe('refuses', () => {
  const map = (...shape: number[]): tf.Tensor4D => tf.zeros(shape as [number, number, number, number]);

  it.each([[[]], [[3]], [[-1]], [[0.5]], [[1, 1]]])('classes %j of three channels', (classes) => {
    for (const loss of Object.values(LOSSES)) {
      expect(() => loss(map(...SHAPE), map(...SHAPE), { classes })).toThrow(
        expect.objectContaining({ name: 'LossError', code: 'invalid-option' }),
      );
    }
  });

  it('shapes that differ', () => {
    for (const loss of [...Object.values(LOSSES), sigmoidBceLoss]) {
      expect(() => loss(map(...SHAPE), map(2, 3, 4, 1))).toThrow(
        expect.objectContaining({ code: 'shape-mismatch' }),
      );
    }
  });
});
