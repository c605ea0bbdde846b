import { expect, it } from 'vitest';
import { morphologicalGradient } from '../../src/index.js';

it('is the rim, one pixel to either side', () => {
  const mask = new Float32Array(49);
  for (const y of [2, 3, 4]) for (const x of [2, 3, 4]) mask[y * 7 + x] = 1;
  const rim = morphologicalGradient(mask, 7, 7);
  const rows = Array.from({ length: 7 }, (_, y) => [...rim.subarray(7 * y, 7 * y + 7)].join(''));
  expect(rows).toEqual(['0000000', '0111110', '0111110', '0110110', '0111110', '0111110', '0000000']);
});

it('adds no rim at the border of the picture, and keeps softness', () => {
  expect([...morphologicalGradient(new Float32Array(12).fill(1), 4, 3)]).toEqual(Array(12).fill(0));
  expect(morphologicalGradient(Float32Array.of(0, 0.25, 0.75), 3, 1)).toEqual(
    Float32Array.of(0.25, 0.75, 0.5),
  );
});
