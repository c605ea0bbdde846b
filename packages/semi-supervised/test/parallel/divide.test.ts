import { expect, it } from 'vitest';
import { divideStep } from '../../src/parallel/divide.js';

const part = ({ ids }: { ids: readonly string[] }, begin: number, end: number) => ({
  ids: ids.slice(begin, end),
});

function divide(items: number, microBatchSize: number, workers: number) {
  const ids = Array.from({ length: items }, (_, i) => String(i));
  return divideStep({ ids }, { workers, microBatchSize, part });
}

it.each([
  [6, 6, 1, ['012345']],
  [6, 6, 2, ['012', '345']],
  [5, 6, 2, ['012', '34']],
  [5, 6, 4, ['01', '2', '3', '4']],
  [1, 6, 3, ['0', '', '']],
  [7, 4, 2, ['01 45', '23 6']],
  [5, 4, 3, ['01 4', '2 ', '3 ']],
])('%i items, %i in a pass, %i workers', (items, microBatchSize, workers, expected) => {
  const divided = divide(items, microBatchSize, workers);
  const text = divided.map((passes) => passes.map((pass) => pass.items?.ids.join('') ?? '').join(' '));
  expect(text).toEqual(expected);
});

it.each([
  [6, 6, 4],
  [7, 4, 3],
  [1, 6, 3],
  [13, 5, 2],
])('shares of %i items add up, and all workers see the same pass', (items, microBatchSize, workers) => {
  const divided = divide(items, microBatchSize, workers);
  const [first] = divided;
  expect(first!.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  for (const [index, { share, parts, largestPart }] of first!.entries()) {
    const those = divided.map((passes) => passes[index]!);
    const counts = those.map((pass) => pass.items?.ids.length ?? 0);
    expect(those.reduce((sum, { held }) => sum + held, 0)).toBeCloseTo(1, 12);
    expect(counts.filter((count) => count > 0)).toHaveLength(parts);
    expect(Math.max(...counts)).toBe(largestPart);
    expect(those.every((pass) => pass.share === share && pass.parts === parts)).toBe(true);
    for (const pass of those) {
      expect(pass.held * share * items).toBeCloseTo(pass.items?.ids.length ?? 0, 9);
    }
  }
});
