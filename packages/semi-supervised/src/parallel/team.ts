import type { SharedBatch } from '@infnet/core-model';
import { Slots } from './slots.js';

/** A worker's link to the others that train the same network with it, each on its own slices of every batch. */
export class Team {
  /** Number of workers. */
  readonly size: number;
  readonly #slots: Slots;

  /** @param own number of this worker, from 0 */
  constructor(memory: SharedArrayBuffer, own: number, size: number) {
    this.size = size;
    this.#slots = new Slots(memory, own);
  }

  /** What batch norm needs in a pass whose slices lie with the first `parts` workers. */
  sharedBatch(pass: Pick<SharedBatch, 'parts' | 'largestPart'>): SharedBatch {
    const { parts, largestPart } = pass;
    return { parts, largestPart, exchange: (values) => this.#slots.exchange('pass', parts, values) };
  }

  /** Adds up what the workers have, element by element and in their order, so that each has the same sum to the last bit. */
  sum(values: Float32Array): void {
    this.#each(values, (sum, [first, ...others]) => {
      sum.set(first!);
      for (const theirs of others) for (let i = 0; i < sum.length; i++) sum[i]! += theirs[i]!;
    });
  }

  /** Gives every worker what the first one has. */
  takeFromFirst(values: Float32Array): void {
    this.#each(values, (part, [first]) => part.set(first!));
  }

  #each(values: Float32Array, take: (part: Float32Array, all: readonly Float32Array[]) => void): void {
    const most = Slots.capacity(values);
    for (let begin = 0; begin < values.length; begin += most) {
      const part = values.subarray(begin, begin + most);
      take(part, this.#slots.exchange('all', this.size, part));
    }
  }
}
