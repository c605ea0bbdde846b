/** What `RunningMoments` needs to go on elsewhere; mean and deviations may be NaN. */
export interface RunningMomentsState {
  readonly n: number;
  readonly excluded: number;
  readonly infinite: number;
  readonly mean: number;
  readonly squaredDeviations: number;
}

/** A mean over cases with its spread: how many it covers, and how many had no defined value and were left out. */
export interface CaseMean {
  /** Infinity where a case is infinite: a missed lesion does not vanish from a mean distance. */
  readonly value: number;
  /** Sample standard deviation (n - 1); NaN for fewer than two cases or an infinite one. */
  readonly sd: number;
  readonly n: number;
  readonly excluded: number;
}

/** Mean and standard deviation of numbers that arrive one by one (Welford), and of two such sets together (Chan). */
export class RunningMoments {
  #state: RunningMomentsState = { n: 0, excluded: 0, infinite: 0, mean: 0, squaredDeviations: 0 };

  static from(state: RunningMomentsState): RunningMoments {
    const moments = new RunningMoments();
    const { n, excluded, infinite, mean, squaredDeviations } = state;
    moments.#state = { n, excluded, infinite, mean, squaredDeviations };
    return moments;
  }

  add(value: number): void {
    const infinite = Number.isFinite(value) || Number.isNaN(value) ? 0 : 1;
    const mean = infinite === 1 ? 0 : value;
    this.#combine({ n: 1, excluded: 0, infinite, mean, squaredDeviations: 0 });
  }

  /** Counts a case that has no defined value. */
  exclude(): void {
    this.#state = { ...this.#state, excluded: this.#state.excluded + 1 };
  }

  merge(other: RunningMoments): void {
    this.#combine(other.#state);
  }

  summary(): CaseMean {
    const { n, excluded, infinite, mean, squaredDeviations } = this.#state;
    if (n === 0) return { value: NaN, sd: NaN, n, excluded };
    if (infinite > 0) return { value: Number.isNaN(mean) ? NaN : Infinity, sd: NaN, n, excluded };
    return { value: mean, sd: n > 1 ? Math.sqrt(squaredDeviations / (n - 1)) : NaN, n, excluded };
  }

  state(): RunningMomentsState {
    return this.#state;
  }

  /** Mean and deviations cover the finite values alone. */
  #combine(other: RunningMomentsState): void {
    const own = this.#state;
    const [ownFinite, otherFinite] = [own.n - own.infinite, other.n - other.infinite];
    const finite = ownFinite + otherFinite;
    const gap = other.mean - own.mean;
    this.#state = {
      n: own.n + other.n,
      excluded: own.excluded + other.excluded,
      infinite: own.infinite + other.infinite,
      mean: otherFinite === 0 ? own.mean : own.mean + (gap * otherFinite) / finite,
      squaredDeviations:
        own.squaredDeviations +
        other.squaredDeviations +
        (finite === 0 ? 0 : (gap * gap * ownFinite * otherFinite) / finite),
    };
  }
}
