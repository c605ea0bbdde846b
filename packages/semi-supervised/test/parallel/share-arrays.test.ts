import { expect, it } from 'vitest';
import { shareArrays } from '../../src/parallel/share-arrays.js';

it('copies plain data, and of a view no more than what it shows', () => {
  const all = Float32Array.from({ length: 100 }, (_, i) => i);
  const given = {
    ids: ['a', 'b'],
    none: null,
    pictures: all.subarray(10, 12),
    dict: new Map([['count', { shape: [], data: BigInt64Array.of(7n) }]]),
    deep: [{ bytes: Uint8Array.of(1, 2) }],
  };
  const copy = shareArrays(given);
  expect(copy).toEqual(given);
  expect(copy.pictures.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(copy.pictures.buffer.byteLength).toBe(8);
  expect(copy.dict.get('count')!.data.buffer).toBeInstanceOf(SharedArrayBuffer);
});
