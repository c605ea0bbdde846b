import type { Definition } from './definition.js';
import type { MapReport } from './evaluate-map.js';
import { overlap, sumCounts, type Counts, type Overlap } from './overlap.js';

/** Pixel counts of a whole data set, as if all cases were one map: large lesions weigh more than small ones. */
export interface PooledCounts {
  readonly pixels: number;
  readonly foreground: number;
  /** At each threshold, descending. */
  readonly truePositives: readonly number[];
  readonly predicted: readonly number[];
  readonly atHalf: Counts;
}

/** A data set's pixels counted together ("micro" average), and what follows at a threshold of 0.5. */
export interface Pooled extends PooledCounts {
  readonly scoresAtHalf: Overlap;
}

/** Adds counts up, case by case or set by set; whole numbers, hence the same in any order. */
export class PooledCounter {
  #counts: PooledCounts;

  constructor(thresholds: number) {
    const zeros = Array.from({ length: thresholds }, () => 0);
    this.#counts = {
      pixels: 0,
      foreground: 0,
      truePositives: zeros,
      predicted: zeros,
      atHalf: sumCounts([]),
    };
  }

  static from(counts: PooledCounts): PooledCounter {
    const counter = new PooledCounter(counts.predicted.length);
    counter.#counts = counts;
    return counter;
  }

  add({ width, height, foreground, truePositives, predicted, countsAtHalf }: MapReport): void {
    const pixels = width * height;
    this.#plus({ pixels, foreground, truePositives, predicted, atHalf: countsAtHalf });
  }

  merge(other: PooledCounter): void {
    this.#plus(other.#counts);
  }

  counts(): PooledCounts {
    return this.#counts;
  }

  summary({ empty }: Definition): Pooled {
    return { ...this.#counts, scoresAtHalf: overlap(this.#counts.atHalf, empty) };
  }

  #plus(other: Omit<PooledCounts, 'truePositives' | 'predicted'> & CountLists): void {
    const own = this.#counts;
    this.#counts = {
      pixels: own.pixels + other.pixels,
      foreground: own.foreground + other.foreground,
      truePositives: own.truePositives.map((count, t) => count + other.truePositives[t]!),
      predicted: own.predicted.map((count, t) => count + other.predicted[t]!),
      atHalf: sumCounts([own.atHalf, other.atHalf]),
    };
  }
}

interface CountLists {
  readonly truePositives: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}
