import { createHash } from 'node:crypto';

/** A grid whose sides and spacings all differ. */
export const GRID = { dims: [23, 19, 11], spacing: [0.7, 1.1, 2.5] } as const;

/** Mask of a linear congruential generator: the same as the lines of Python that made the constants of the tests. */
export function randomMask(
  seed: number,
  density: number,
  [nx, ny, nz]: readonly [number, number, number] = GRID.dims,
): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: nx * ny * nz }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < density ? 1 : 0;
  });
}

/** Zeros and ones exchanged. */
export function inverse(mask: Uint8Array): Uint8Array {
  return mask.map((value) => 1 - value);
}

/** Number of ones, and the beginning of the SHA-256 of the bytes. */
export function fingerprint(mask: Uint8Array): [number, string] {
  return [mask.reduce((sum, value) => sum + value, 0), sha(mask)];
}

/** The beginning of the SHA-256 of an array's bytes. */
export function sha({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
    .slice(0, 16);
}
