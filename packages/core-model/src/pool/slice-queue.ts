import { PoolError } from './pool-error.js';
import type { PoolMap, PoolSlice, PredictOptions } from './slice-pool.js';

/** A slice that waits, or is being computed. Once settled, by the signal too, it stays so. */
export interface SliceJob {
  readonly slice: PoolSlice;
  readonly resolve: (map: PoolMap) => void;
  readonly reject: (error: unknown) => void;
}

/** Slices in the order in which they came, not more than so many. */
export class SliceQueue {
  readonly #limit: number;
  readonly #onAdd: () => void;
  readonly #waiting: SliceJob[] = [];
  #end: PoolError | undefined;

  /** @param onAdd called when a slice begins to wait */
  constructor(limit: number, onAdd: () => void) {
    this.#limit = limit;
    this.#onAdd = onAdd;
  }

  /** Why nothing is taken any more. */
  get end(): PoolError | undefined {
    return this.#end;
  }

  /** The map, when somebody has taken the slice and computed it. */
  async add(slice: PoolSlice, { signal }: PredictOptions): Promise<PoolMap> {
    signal?.throwIfAborted();
    if (this.#end) throw this.#end;
    if (this.#waiting.length >= this.#limit) {
      throw new PoolError(
        'queue-full',
        `${this.#waiting.length} slices wait already`,
        'Await some of them first, use predictAll, or make the pool with a longer queue.',
      );
    }
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const job: SliceJob = { slice, resolve, reject };
        onAbort = () => this.#drop(job, signal?.reason);
        signal?.addEventListener('abort', onAbort);
        this.#waiting.push(job);
        this.#onAdd();
      });
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Takes the next that waits. */
  take(): SliceJob | undefined {
    return this.#waiting.shift();
  }

  /** Takes the next that waits and those right behind it of the same size, `most` at most. */
  takeAlike(most: number): SliceJob[] {
    const [first] = this.#waiting;
    if (!first) return [];
    const { height, width } = first.slice;
    const other = this.#waiting.findIndex(({ slice }) => slice.height !== height || slice.width !== width);
    return this.#waiting.splice(0, Math.min(most, other < 0 ? Infinity : other));
  }

  /** Rejects all that waits and comes. The first reason stays. */
  close(reason: PoolError): PoolError {
    this.#end ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
    return this.#end;
  }

  #drop(job: SliceJob, reason: unknown): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    job.reject(reason);
  }
}

/** What a pool that was disposed of says. */
export function disposed(): PoolError {
  return new PoolError('pool-disposed', 'the pool was disposed of', 'Make another one.');
}
