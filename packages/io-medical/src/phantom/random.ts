/**
 * Random numbers for the phantom. Only whole-number operations and the four exact floating-point ones are used here
 * and in its siblings (no sin, exp or pow), so that a seed gives the same phantom on every machine.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Whole number in [low, high]. */
  integer(low: number, high: number): number;
  /** A new seed, for a generator or a noise field of its own. */
  fork(): number;
}

/** Counter-based generator: the n-th number is a hash of seed and n. */
export function createRandom(seed: number): Random {
  let counter = 0;
  const next = (): number => hash(seed, counter++, 0, 0);
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: (low, high) => low + Math.floor((high - low + 1) * uniform()),
    fork: next,
  };
}

/** 32-bit hash of a seed and three whole numbers. */
function hash(seed: number, x: number, y: number, z: number): number {
  let h = seed ^ Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(z, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Bell-shaped noise of a voxel, mean 0, variance 1: the sum of four hashed bytes. */
export function voxelNoise(seed: number, index: number): number {
  const h = hash(seed, index, 0x5bd1, 0);
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / 147.8;
}

/** Smooth noise in [-1, 1] with features of about one unit: hashed lattice values, blended in between. */
export function smoothNoise(seed: number, x: number, y: number, z: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const z0 = Math.floor(z);
  const u = smoothStep(x - x0);
  const v = smoothStep(y - y0);
  const w = smoothStep(z - z0);
  const row = (j: number, k: number): number => {
    const a = hash(seed, x0, y0 + j, z0 + k);
    return a + u * (hash(seed, x0 + 1, y0 + j, z0 + k) - a);
  };
  const near = row(0, 0) + v * (row(1, 0) - row(0, 0));
  const far = row(0, 1) + v * (row(1, 1) - row(0, 1));
  return (near + w * (far - near)) / 2 ** 31 - 1;
}

/** 0 at 0, 1 at 1, level at both ends; clamped outside. */
export function smoothStep(t: number): number {
  const c = t < 0 ? 0 : t > 1 ? 1 : t;
  return c * c * (3 - 2 * c);
}
