import type { Grid } from './grid.js';
import { voxelNoise } from './random.js';

/** Lowest and highest value of a 12-bit CT scan, in HU. */
const LOWEST = -1024;
const HIGHEST = 3071;

/**
 * What a scanner makes of the densities: noise, in-plane blur that also gives the noise its grain, and whole HU.
 *
 * @param noise standard deviation of the noise in the result, about, in HU
 */
export function scan(grid: Grid, density: Float32Array, seed: number, noise: number): Int16Array {
  const [nx, ny, nz] = grid.dims;
  const voxels = new Int16Array(density.length);
  const noisy = new Float32Array(nx * ny);
  const rows = new Float32Array(nx * ny);
  // A 1-2-1 blur in both directions leaves 0.375 of white noise; the rest is added behind it, without grain.
  const grain = (0.94 * noise) / 0.375;
  const white = 0.33 * noise;
  for (let z = 0; z < nz; z++) {
    const start = z * nx * ny;
    for (let i = 0; i < noisy.length; i++) {
      noisy[i] = (density[start + i] ?? 0) + grain * voxelNoise(seed, start + i);
    }
    for (let y = 0, i = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        const left = noisy[x > 0 ? i - 1 : i] ?? 0;
        const right = noisy[x < nx - 1 ? i + 1 : i] ?? 0;
        rows[i] = (left + 2 * (noisy[i] ?? 0) + right) / 4;
      }
    }
    for (let y = 0, i = 0; y < ny; y++) {
      const above = Math.max(0, y - 1) * nx;
      const below = Math.min(ny - 1, y + 1) * nx;
      for (let x = 0; x < nx; x++, i++) {
        const blurred = ((rows[above + x] ?? 0) + 2 * (rows[i] ?? 0) + (rows[below + x] ?? 0)) / 4;
        const value = Math.round(blurred + white * voxelNoise(seed + 1, start + i));
        voxels[start + i] = value < LOWEST ? LOWEST : value > HIGHEST ? HIGHEST : value;
      }
    }
  }
  return voxels;
}
