import { describe, expect, it } from 'vitest';
import {
  evaluateLabels,
  evaluateMask,
  MetricsError,
  type LabelOptions,
  type NumericArray,
} from '../../src/index.js';
import { randomGenerator } from '../support/random.js';

const random = randomGenerator(17);
const pairs = Array.from({ length: 10 }, () => {
  const groundTruth = Uint8Array.from({ length: 500 }, () => Math.floor(random() ** 2 * 4));
  return {
    groundTruth,
    prediction: groundTruth.map((value) => (random() < 0.7 ? value : Math.floor(random() * 4))),
  };
});
const only = (map: Uint8Array, label: number): Uint8Array => map.map((value) => (value === label ? 1 : 0));

describe('evaluateLabels', () => {
  it('gives each class what its own binary masks give', () => {
    for (const { prediction, groundTruth } of pairs) {
      for (const one of evaluateLabels(prediction, groundTruth).classes) {
        const { value, name: _name, ...numbers } = one;
        expect(evaluateMask(only(prediction, value), only(groundTruth, value))).toMatchObject(numbers);
      }
    }
  });

  it('averages as its definitions say', () => {
    for (const { prediction, groundTruth } of pairs) {
      const report = evaluateLabels(prediction, groundTruth);
      const foreground = report.classes.filter(({ value }) => value !== 0);
      const sum = (of: (one: (typeof foreground)[number]) => number): number =>
        foreground.reduce((total, one) => total + of(one), 0);
      expect(report.macro.dice.value).toBeCloseTo(sum(({ dice }) => dice) / 3, 14);
      expect(report.weighted.iou.value).toBeCloseTo(
        sum((one) => one.iou * one.foreground) / sum((one) => one.foreground),
        14,
      );
      expect(report.micro.dice).toBeCloseTo(
        (2 * sum((one) => one.truePositives)) / sum((one) => one.foreground + one.predicted),
        14,
      );
      const weighed = (of: (one: (typeof foreground)[number]) => number): number =>
        sum((one) => of(one) / one.foreground ** 2);
      expect(report.generalisedDice).toBeCloseTo(
        (2 * weighed((one) => one.truePositives)) / weighed((one) => one.foreground + one.predicted),
        14,
      );
      const uniform = evaluateLabels(prediction, groundTruth, { generalisedWeights: 'uniform' });
      expect(uniform.generalisedDice).toBeCloseTo(report.micro.dice, 14);
      expect(evaluateLabels(prediction, groundTruth, { background: 'none' }).macro.dice.n).toBe(4);
    }
  });

  it('counts confusion by true row and predicted column', () => {
    const report = evaluateLabels(Uint8Array.of(0, 1, 2, 2, 1), Uint8Array.of(0, 1, 1, 2, 2));
    expect(report.confusion).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 1, 1],
    ]);
    expect(report.overallAccuracy).toBe(0.6);
    expect(report.overallKappa).toBeCloseTo((0.6 - 9 / 25) / (1 - 9 / 25), 14);
  });

  it('does not depend on the order of voxels or on the values of the labels', () => {
    const { prediction, groundTruth } = pairs[0]!;
    const { macro, micro, overallKappa } = evaluateLabels(prediction, groundTruth);
    const reversed = evaluateLabels(prediction.toReversed(), groundTruth.toReversed());
    expect(reversed).toMatchObject({ macro, micro, overallKappa });
    const renamed = (map: Uint8Array): Int16Array => Int16Array.from(map, (value) => [0, 7, -3, 300][value]!);
    const other = evaluateLabels(renamed(prediction), renamed(groundTruth));
    expect(other.macro.dice.value).toBeCloseTo(macro.dice.value, 14);
    expect(other.micro).toEqual(micro);
  });

  it('two classes are the binary case, one map against itself is perfect', () => {
    const { prediction, groundTruth } = pairs[1]!;
    const [p, g] = [only(prediction, 1), only(groundTruth, 1)];
    const { macro, generalisedDice, overallKappa } = evaluateLabels(p, g);
    const binary = evaluateMask(p, g);
    expect([macro.dice.value, generalisedDice]).toEqual([binary.dice, binary.dice]);
    expect(overallKappa).toBeCloseTo(binary.kappa, 12);
    const perfect = evaluateLabels(groundTruth, groundTruth);
    expect(perfect).toMatchObject({ generalisedDice: 1, overallAccuracy: 1, overallKappa: 1 });
    expect(perfect.macro.iou).toEqual({ value: 1, n: 3, excluded: 0 });
  });

  it('takes every kind of array and views', () => {
    const { prediction, groundTruth } = pairs[2]!;
    const wanted = evaluateLabels(prediction, groundTruth);
    const kinds: NumericArray[] = [
      Int32Array.from(prediction),
      Float32Array.from(prediction),
      BigInt64Array.from(prediction, BigInt),
    ];
    for (const kind of kinds) expect(evaluateLabels(kind, groundTruth)).toEqual(wanted);
    expect(evaluateLabels({ data: prediction, shape: [20, 25] }, groundTruth)).toEqual(wanted);
  });

  it.each<[LabelOptions['empty'] & string, number, { n: number; excluded: number }, number]>([
    ['nan', NaN, { n: 1, excluded: 1 }, 1],
    ['one-zero', 0, { n: 2, excluded: 0 }, 0.5],
    ['reference', 0, { n: 2, excluded: 0 }, 0.5],
  ])('a class that the ground truth lacks, %s', (empty, dice, counted, macro) => {
    const report = evaluateLabels(Uint8Array.of(0, 1, 2), Uint8Array.of(0, 1, 0), { empty });
    expect(report.classes[2]!.dice).toEqual(dice);
    expect(report.macro.dice).toEqual({ value: macro, ...counted });
    expect(report.generalisedDice).toBeCloseTo(2 / 3, 14); // weights 1 and 1: 2 * 1 / (2 + 1)
  });

  it('a declared class that nobody uses is undefined or perfect', () => {
    const map = Uint8Array.of(0, 1);
    const labels = { lesion: 1, vessel: 5 };
    expect(evaluateLabels(map, map, { labels }).macro.dice).toEqual({ value: 1, n: 1, excluded: 1 });
    expect(evaluateLabels(map, map, { labels, empty: 'one-zero' }).macro.dice.n).toBe(2);
    expect(evaluateLabels(map, map, { labels }).definition.labels.map(({ name }) => name)).toEqual([
      'background',
      'lesion',
      'vessel',
    ]);
  });

  const map = Uint8Array.of(0, 1, 2);
  it.each<[string, string, () => unknown]>([
    [
      'out-of-range',
      'prediction holds 2 at index 2',
      () => evaluateLabels(map, Uint8Array.of(0, 1, 1), { labels: [1] }),
    ],
    [
      'out-of-range',
      'groundTruth holds 2',
      () => evaluateLabels(Uint8Array.of(0, 0, 0), map, { labels: [1] }),
    ],
    ['out-of-range', 'prediction holds 0.5', () => evaluateLabels(Float32Array.of(0, 0.5, 1), map)],
    ['out-of-range', 'prediction holds NaN', () => evaluateLabels(Float32Array.of(0, NaN, 1), map)],
    ['length-mismatch', 'groundTruth 2', () => evaluateLabels(map, map.subarray(1))],
    ['invalid-shape', 'groundTruth 0', () => evaluateLabels(new Uint8Array(0), new Uint8Array(0))],
    ['unsupported-array', 'prediction', () => evaluateLabels([0, 1, 2] as never, map)],
    ['invalid-option', 'labels', () => evaluateLabels(map, map, { labels: { a: 1, b: 1, c: 2 } })],
    ['invalid-option', 'labels', () => evaluateLabels(map, map, { labels: [], background: 'none' })],
    [
      'invalid-option',
      'generalisedWeights',
      () => evaluateLabels(map, map, { generalisedWeights: 'none' as never }),
    ],
  ])('refuses %s: %s', (code, message, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
