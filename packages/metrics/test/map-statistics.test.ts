import { describe, expect, it } from 'vitest';
import { evaluateMap, type MetricOptions, type NumericArray } from '../src/index.js';
import { randomCase, randomGenerator } from './support/random.js';

const size = { width: 37, height: 23 };
const seeds = [1, 2, 3, 4, 5, 6];

/** Counts by comparing every pixel with every threshold. */
function countedOneByOne(
  values: ArrayLike<number>,
  mask: Uint8Array,
  thresholds: readonly number[],
): number[][] {
  return thresholds.map((threshold) => {
    let [hits, all] = [0, 0];
    for (let i = 0; i < mask.length; i++) {
      if (values[i]! < threshold) continue;
      all++;
      hits += mask[i]!;
    }
    return [hits, all];
  });
}

function counts(prediction: NumericArray, mask: Uint8Array, options: MetricOptions): number[][] {
  const { truePositives, predicted } = evaluateMap(prediction, mask, { ...size, ...options });
  return [...truePositives].map((hits, t) => [hits, predicted[t]!]);
}

describe('counts', () => {
  const lists = [
    [1, 0.75, 0.5, 0],
    [0.5],
    [0.9, 0.899, 0.1, 0.001],
    Array.from({ length: 999 }, (_, i) => 1 - i / 999),
  ];

  it.each(lists.map((list) => [list.length, list] as const))(
    'equal brute force for %i thresholds',
    (_, thresholds) => {
      for (const seed of seeds) {
        const { prediction, groundTruth } = randomCase(seed, size.width, size.height);
        const random = randomGenerator(seed);
        const floats = Float32Array.from(prediction, () => random() ** 3);
        const words = Uint16Array.from(
          prediction,
          (value) => value * 257 + Math.floor(random() * 2) * (value < 255 ? 1 : 0),
        );
        const options = { thresholds };
        const scaled = (values: Uint8Array | Uint16Array, maximum: number): number[] =>
          Array.from(values, (value) => value / maximum);
        expect(counts(prediction, groundTruth, options)).toEqual(
          countedOneByOne(scaled(prediction, 255), groundTruth, thresholds),
        );
        expect(counts(floats, groundTruth, options)).toEqual(
          countedOneByOne(floats, groundTruth, thresholds),
        );
        expect(counts(words, groundTruth, options)).toEqual(
          countedOneByOne(scaled(words, 65535), groundTruth, thresholds),
        );
      }
    },
  );

  it('a tie with a threshold is predicted by >= and not by >', () => {
    const options = { ...size, thresholds: [0.5] };
    const half = new Float64Array(size.width * size.height).fill(0.5);
    const mask = new Uint8Array(half.length);
    const atLeast = evaluateMap(half, mask, { ...options, eMeasureComparison: '>=' });
    const above = evaluateMap(half, mask, { ...options, eMeasureComparison: '>' });
    expect([...atLeast.curves.eMeasure, ...above.curves.eMeasure]).toEqual([0, 1]);
  });
});

describe('the same map in another form', () => {
  it.each(['standard', 'infnet'] as const)('gives the same numbers, %s', (protocol) => {
    for (const seed of seeds) {
      const { prediction, groundTruth } = randomCase(seed, size.width, size.height);
      const options = { ...size, protocol, weightedF: true } as const;
      const wanted = evaluateMap(prediction, groundTruth, options);
      const forms: NumericArray[] = [
        new Uint8ClampedArray(prediction),
        Uint16Array.from(prediction, (value) => value * 257),
        Float64Array.from(prediction, (value) => value / 255),
      ];
      const shifted = new Uint8Array(prediction.length + 3); // a view that no word boundary meets
      shifted.set(prediction, 3);
      forms.push(shifted.subarray(3));
      for (const form of forms) {
        const actual = evaluateMap(form, groundTruth, options);
        expect(actual.truePositives).toEqual(wanted.truePositives);
        expect(actual.predicted).toEqual(wanted.predicted);
        for (const [name, value] of Object.entries(wanted.scores)) {
          expect(Math.abs(actual.scores[name as keyof typeof actual.scores]! - value)).toBeLessThanOrEqual(
            1e-13,
          );
        }
      }
    }
  });

  it('a mask may be an unaligned view, 0/255 or float', () => {
    const { prediction, groundTruth } = randomCase(8, size.width, size.height);
    const wanted = evaluateMap(prediction, groundTruth, size);
    const shifted = new Uint8Array(groundTruth.length + 1);
    shifted.set(groundTruth, 1);
    for (const mask of [
      shifted.subarray(1),
      groundTruth.map((v) => v * 255),
      Float32Array.from(groundTruth),
    ]) {
      expect(evaluateMap(prediction, mask, size)).toEqual(wanted);
    }
  });
});
