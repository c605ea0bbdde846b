import { describe, expect, it } from 'vitest';
import { dice, evaluateMap, evaluateMask, type NumericArray } from '../src/index.js';
import { gather } from '../src/array-view.js';
import { randomCase } from './support/random.js';

const data = Uint8Array.from({ length: 24 }, (_, i) => i);

describe('gather', () => {
  it('shares memory without strides', () => {
    const values = gather({ data, shape: [2, 3], offset: 5 }, 'x');
    expect([...values]).toEqual([5, 6, 7, 8, 9, 10]);
    expect(values.buffer).toBe(data.buffer);
  });

  it.each<[string, Parameters<typeof gather>[0], number[]]>([
    ['a crop', { data, shape: [2, 2], strides: [6, 1], offset: 7 }, [7, 8, 13, 14]],
    ['one channel', { data, shape: [4], strides: [3], offset: 2 }, [2, 5, 8, 11]],
    ['a transposed image', { data, shape: [3, 2], strides: [1, 3] }, [0, 3, 1, 4, 2, 5]],
    ['a flipped image', { data, shape: [2, 3], strides: [-3, 1], offset: 3 }, [3, 4, 5, 0, 1, 2]],
    ['a repeated row', { data, shape: [2, 2], strides: [0, 1] }, [0, 1, 0, 1]],
    ['a volume', { data, shape: [2, 1, 2], strides: [12, 6, 5] }, [0, 5, 12, 17]],
  ])('copies %s', (_, view, wanted) => {
    expect([...gather(view, 'x')]).toEqual(wanted);
  });
});

describe('kinds of array', () => {
  const { groundTruth, prediction } = randomCase(3, 20, 15);
  const mask = prediction.map((value) => (value > 128 ? 1 : 0));
  const kinds: NumericArray[] = [
    Uint8ClampedArray.from(mask),
    Int8Array.from(mask),
    Int16Array.from(mask),
    Uint16Array.from(mask),
    Int32Array.from(mask),
    Uint32Array.from(mask),
    Float32Array.from(mask),
    Float64Array.from(mask),
    BigInt64Array.from(mask, BigInt),
    BigUint64Array.from(mask, BigInt),
    Buffer.from(mask),
  ];

  it.each(kinds.map((array) => [array.constructor.name, array] as const))(
    '%s measures the same',
    (_, array) => {
      expect(evaluateMask(array, groundTruth)).toEqual(evaluateMask(mask, groundTruth));
      expect(dice(groundTruth, array)).toBe(dice(groundTruth, mask));
      const size = { width: 20, height: 15, predictionMaximum: 1 };
      expect(evaluateMap(array, groundTruth, size).scores.meanDice).toBe(
        evaluateMap(mask, groundTruth, size).scores.meanDice,
      );
    },
  );

  it('a signed or 32-bit map needs no maximum as long as it stays in 0..1', () => {
    const size = { width: 20, height: 15 };
    expect(evaluateMap(Int32Array.from(mask), groundTruth, size).scores.diceAtHalf).toBe(
      dice(mask, groundTruth),
    );
  });

  it('views reach map measures too', () => {
    const interleaved = new Uint8Array(3 * prediction.length);
    prediction.forEach((value, i) => (interleaved[3 * i + 1] = value));
    const green = { data: interleaved, shape: [15, 20], strides: [60, 3], offset: 1 };
    const size = { width: 20, height: 15 };
    expect(evaluateMap(green, groundTruth, size)).toEqual(evaluateMap(prediction, groundTruth, size));
  });
});
