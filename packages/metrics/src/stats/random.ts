import { MetricsError } from '../errors.js';

/**
 * A seeded generator of numbers in [0, 1): xoshiro128** (Blackman and Vigna), its state filled by a Weyl sequence. The
 * same seed gives the same numbers on every machine.
 *
 * @throws MetricsError `invalid-option` unless the seed is a whole number from 0 to 2^53 - 1
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new MetricsError('invalid-option', `seed is ${seed}`, 'pass a whole number from 0 to 2^53 - 1');
  }
  const fill = weyl(seed);
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return (scrambled >>> 0) / 2 ** 32;
  };
}

/** Well mixed words from both halves of the seed; never four zeros in a row. */
function weyl(seed: number): () => number {
  let state = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
