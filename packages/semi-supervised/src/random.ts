/** The four 32-bit words of a {@link Random}: plain JSON, restores the stream exactly. */
export type RandomState = readonly [number, number, number, number];

/**
 * Seeded pseudo-random numbers: xoshiro128** (Blackman and Vigna, 2018) on 32-bit integers, hence the same stream on
 * every platform. Not for cryptography.
 *
 * Work that must be repeatable out of order (the augmentation of one slice in one epoch) does not share a stream: it
 * takes one of its own from `Random.of(seed, 'augment', epoch, id)`, so that no state has to be stored to resume.
 */
export class Random {
  #state: [number, number, number, number];

  private constructor(state: RandomState) {
    this.#state = [state[0] >>> 0, state[1] >>> 0, state[2] >>> 0, state[3] >>> 0];
  }

  /** The stream that belongs to a key: equal keys give equal streams, different keys unrelated ones. */
  static of(...key: readonly (string | number)[]): Random {
    const text = key.join('\u0000');
    const word = (index: number): number => mix(fnv1a(text, (0x811c9dc5 + index * 0x9e3779b9) >>> 0));
    const state: RandomState = [word(0), word(1), word(2), word(3)];
    return new Random(state.some((value) => value !== 0) ? state : [1, 0, 0, 0]);
  }

  /** Continues the stream that `state` was read from. */
  static from(state: RandomState): Random {
    return new Random(state);
  }

  get state(): RandomState {
    return [...this.#state];
  }

  /** Uniform in 0 … 2³² − 1. */
  uint32(): number {
    const [a, b, c, d] = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const x = c ^ a;
    const y = d ^ b;
    this.#state = [(a ^ y) >>> 0, (b ^ x) >>> 0, (x ^ (b << 9)) >>> 0, rotateLeft(y, 11)];
    return result;
  }

  /** Uniform integer in 0 … `bound` − 1, without modulo bias. `bound` in 1 … 2³². */
  integer(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  /** Uniform in [`low`, `high`), in steps of (high − low) / 2³². */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / 2 ** 32);
  }
}

/** A shuffled copy (Fisher-Yates, from the end). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const held = result[last] as T;
    result[last] = result[other] as T;
    result[other] = held;
  }
  return result;
}

/** FNV-1a over the UTF-16 code units of `text`. */
function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** A finaliser that spreads every input bit over the word (constants of the lowbias32 family). */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function rotateLeft(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
