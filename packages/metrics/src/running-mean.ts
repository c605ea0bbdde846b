/** What `RunningMean` needs to go on elsewhere; sums may be NaN. */
export interface RunningMeanState {
  readonly sums: readonly number[];
  readonly n: number;
  readonly excluded: number;
}

/** Mean of equally long vectors that arrive one by one; memory does not grow with their number. */
export class RunningMean {
  readonly #sums: Float64Array;
  #n = 0;
  #excluded = 0;

  constructor(length: number) {
    this.#sums = new Float64Array(length);
  }

  static from({ sums, n, excluded }: RunningMeanState): RunningMean {
    const mean = new RunningMean(sums.length);
    mean.#sums.set(sums);
    mean.#n = n;
    mean.#excluded = excluded;
    return mean;
  }

  get length(): number {
    return this.#sums.length;
  }

  get n(): number {
    return this.#n;
  }

  get excluded(): number {
    return this.#excluded;
  }

  /** Adds a vector, in order: the sums round as a plain loop over the cases does. */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i]! += values[i]!;
    this.#n++;
  }

  /** Counts a vector that has no defined value. */
  exclude(): void {
    this.#excluded++;
  }

  merge(other: RunningMean): void {
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i]! += other.#sums[i]!;
    this.#n += other.#n;
    this.#excluded += other.#excluded;
  }

  /** NaN everywhere before the first vector. */
  values(): Float64Array {
    return this.#sums.map((sum) => sum / this.#n);
  }

  state(): RunningMeanState {
    return { sums: [...this.#sums], n: this.#n, excluded: this.#excluded };
  }
}
