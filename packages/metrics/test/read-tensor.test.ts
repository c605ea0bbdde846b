import { describe, expect, it } from 'vitest';
import { evaluateMap, evaluateTensor, readTensor, type NumericArray } from '../src/index.js';
import { randomCase } from './support/random.js';

const tensor = (data: NumericArray, shape: number[]) => ({ shape, data: () => Promise.resolve(data) });
const [a, b] = [randomCase(1, 6, 5), randomCase(2, 6, 5)];
const size = { width: 6, height: 5 };
const batch = (key: 'prediction' | 'groundTruth'): Float32Array =>
  Float32Array.of(
    ...[...a[key], ...b[key]].map((value) => (key === 'prediction' ? Math.fround(value / 255) : value)),
  );

describe('evaluateTensor', () => {
  it('measures each image of a batch', async () => {
    const maps = batch('prediction');
    const reports = await evaluateTensor(
      tensor(maps, [2, 5, 6, 1]),
      tensor(batch('groundTruth'), [2, 5, 6]),
      { protocol: 'infnet' },
    );
    expect(reports).toEqual([
      evaluateMap(maps.subarray(0, 30), a.groundTruth, { ...size, protocol: 'infnet' }),
      evaluateMap(maps.subarray(30), b.groundTruth, { ...size, protocol: 'infnet' }),
    ]);
  });

  it('takes one image with and without channel', async () => {
    const wanted = evaluateMap(a.prediction, a.groundTruth, size);
    for (const shape of [
      [5, 6],
      [5, 6, 1],
      [1, 5, 6],
    ]) {
      expect(await evaluateTensor(tensor(a.prediction, shape), tensor(a.groundTruth, [5, 6]))).toEqual([
        wanted,
      ]);
    }
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['unsupported-array', 'no data() and shape', () => readTensor(a.prediction as never)],
    ['invalid-shape', 'shape [2,2]', () => readTensor(tensor(Uint8Array.of(1, 0, 1), [2, 2]))],
    [
      'invalid-shape',
      'prediction has the shape [5,3,2]',
      () => evaluateTensor(tensor(a.prediction, [1, 5, 3, 2]), tensor(a.groundTruth, [5, 6])),
    ],
    [
      'length-mismatch',
      'prediction holds 2 images',
      () => evaluateTensor(tensor(batch('prediction'), [2, 5, 6]), tensor(a.groundTruth, [5, 6])),
    ],
  ])('refuses %s: %s', async (code, message, act) => {
    await expect(act()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message.replace('[5,3,2]', '[1,5,3,2]')),
    });
  });
});
