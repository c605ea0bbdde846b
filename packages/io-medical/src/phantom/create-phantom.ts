import { diagonalAffine } from '../affine.js';
import { ImageFormatError } from '../errors.js';
import type { Volume } from '../volume.js';
import { drawAnatomy } from './anatomy.js';
import { type Grid, position } from './grid.js';
import { drawLesions } from './lesions.js';
import { createRandom } from './random.js';
import { scan } from './scan.js';
import { tissueAt } from './tissue.js';
import { drawTubes } from './tubes.js';

/** Options of {@link createPhantom}. */
export interface PhantomOptions {
  /** Whole number; another seed is another patient. Default 0. */
  readonly seed?: number;
  /** Voxels to the left, to the back and to the head. Default 256 x 256 x 64. */
  readonly dims?: readonly [nx: number, ny: number, nz: number];
  /** Millimetres between voxels. By default the grid spans 360 x 360 x 320 mm, the whole chest, whatever its dims. */
  readonly spacing?: readonly [number, number, number];
  /** Whether the lungs are infected. Default true. */
  readonly infection?: boolean;
  /** Factor on the radii of the lesions, 0.25 to 3. Default 1; 1.8 is a severe case. */
  readonly lesionScale?: number;
}

/** A made-up chest CT and everything about it that a segmentation should find. Masks hold 0 and 1. */
export interface Phantom {
  /** Hounsfield units, int16. */
  readonly volume: Volume;
  readonly lungs: Uint8Array;
  readonly groundGlass: Uint8Array;
  readonly consolidation: Uint8Array;
  /** Ground glass and consolidation together. */
  readonly infection: Uint8Array;
}

/** Width, depth and height of the field of view in millimetres where no spacing is given. */
const FIELD_OF_VIEW = [360, 360, 320] as const;

/**
 * Makes a chest CT from a seed: skin, fat, muscle, ribs, spine, heart, aorta, abdomen and table; lungs with vessels
 * and airways; and, unless told otherwise, several irregular lesions of ground glass and consolidation, mostly at the
 * pleura. Blurred and noisy, in Hounsfield units.
 *
 * A threshold does not find the infection: vessels are as dense as consolidation, dependent lung and partial volume at
 * the pleura and the diaphragm as dense as thin ground glass. The same seed and options give the same bytes on every
 * machine. No statistics of real patients went into it: it tests and demonstrates software, nothing else.
 *
 * @throws {ImageFormatError} `invalid-option`
 */
export function createPhantom({
  seed = 0,
  dims = [256, 256, 64],
  spacing = [FIELD_OF_VIEW[0] / dims[0], FIELD_OF_VIEW[1] / dims[1], FIELD_OF_VIEW[2] / dims[2]],
  infection = true,
  lesionScale = 1,
}: PhantomOptions = {}): Phantom {
  checkOptions(seed, dims, spacing, lesionScale);
  const grid: Grid = { dims, spacing };
  const random = createRandom(seed);
  const anatomy = drawAnatomy(random.fork());
  const [tubeSeed, lesionSeed, scanSeed] = [random.fork(), random.fork(), random.fork()];
  const noise = random.between(14, 30);

  const size = dims[0] * dims[1] * dims[2];
  const density = new Float32Array(size);
  const lungs = new Uint8Array(size);
  const truth = { groundGlass: new Uint8Array(size), consolidation: new Uint8Array(size) };
  for (let z = 0, i = 0; z < dims[2]; z++) {
    const up = position(grid, 2, z);
    for (let y = 0; y < dims[1]; y++) {
      const back = position(grid, 1, y);
      for (let x = 0; x < dims[0]; x++, i++) {
        const tissue = tissueAt(anatomy, position(grid, 0, x), back, up);
        density[i] = tissue.density;
        lungs[i] = tissue.isLung ? 1 : 0;
      }
    }
  }
  if (infection) drawLesions(grid, anatomy, { seed: lesionSeed, scale: lesionScale }, lungs, density, truth);
  drawTubes(grid, anatomy, tubeSeed, density);
  return {
    volume: toVolume(grid, scan(grid, density, scanSeed, noise), seed),
    lungs,
    ...truth,
    infection: truth.groundGlass.map((value, i) => value | (truth.consolidation[i] ?? 0)),
  };
}

function toVolume(grid: Grid, voxels: Int16Array, seed: number): Volume {
  const [sx, sy, sz] = grid.spacing;
  return {
    voxels,
    dims: grid.dims,
    affine: diagonalAffine(
      [-sx, -sy, sz],
      [-position(grid, 0, 0), -position(grid, 1, 0), position(grid, 2, 0)],
    ),
    calibrated: true,
    unit: 'HU',
    format: 'nifti',
    source: `phantom ${seed}`,
    assumed: [],
    warnings: [],
  };
}

function checkOptions(
  seed: number,
  dims: readonly number[],
  spacing: readonly number[],
  lesionScale: number,
): void {
  const problem = !Number.isInteger(seed)
    ? `seed ${seed} is no whole number`
    : !dims.every((side) => Number.isInteger(side) && side >= 1 && side <= 1024)
      ? `dims ${dims.join(' x ')} are not whole numbers in 1..1024`
      : !spacing.every((step) => step > 0 && Number.isFinite(step))
        ? `spacing ${spacing.join(' x ')} is not above 0`
        : !(lesionScale >= 0.25 && lesionScale <= 3)
          ? `lesionScale ${lesionScale} is not in 0.25..3`
          : undefined;
  if (problem !== undefined) {
    throw new ImageFormatError('invalid-option', `phantom: ${problem}`, 'Give values in the stated range.');
  }
}
