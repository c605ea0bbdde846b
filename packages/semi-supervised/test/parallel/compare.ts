import type { StateDict } from '@infnet/core-model';

/** The largest difference between two networks' values, and where it is. */
export function largestDifference(a: StateDict, b: StateDict): { name: string; difference: number } {
  let largest = { name: '', difference: 0 };
  for (const [name, { data }] of a) {
    const other = b.get(name)!.data;
    for (const [i, value] of [...data].entries()) {
      const difference = Math.abs(Number(value) - Number(other[i]));
      if (!(difference <= largest.difference)) largest = { name, difference };
    }
  }
  return largest;
}
