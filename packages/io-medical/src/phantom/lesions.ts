import { type Anatomy, cavityFraction, diaphragm, inMediastinum } from './anatomy.js';
import { forEachVoxelNear, type Grid, type Point, position } from './grid.js';
import { createRandom, type Random, smoothNoise, smoothStep } from './random.js';

/** One patch of infection: an irregular ellipsoid of ground glass, with or without a consolidated core. */
interface Lesion {
  readonly centre: Point;
  readonly radii: Point;
  /** Density of its ground glass and of its core, in HU. */
  readonly glass: number;
  readonly solid: number;
  /** Share of the radius that is consolidated; 0 for pure ground glass. */
  readonly core: number;
  /** How wide its border fades, as a share of the radius. */
  readonly softness: number;
  readonly noiseSeed: number;
}

/** Ground truth of the infection, one byte per voxel, 0 or 1. The two kinds do not overlap. */
export interface LesionTruth {
  readonly groundGlass: Uint8Array;
  readonly consolidation: Uint8Array;
}

/** Draws several lesions, mostly at the pleura, at the back and low down, and marks them in the truth. */
export function drawLesions(
  grid: Grid,
  anatomy: Anatomy,
  { seed, scale }: { readonly seed: number; readonly scale: number },
  lungs: Uint8Array,
  density: Float32Array,
  truth: LesionTruth,
): void {
  const random = createRandom(seed);
  const count = random.integer(4, 9);
  for (let i = 0; i < count; i++) {
    drawLesion(grid, makeLesion(random, grid, anatomy, i, scale), lungs, density, truth);
  }
}

function makeLesion(random: Random, grid: Grid, anatomy: Anatomy, i: number, scale: number): Lesion {
  const size = scale * (i === 0 ? random.between(26, 36) : random.between(11, 34));
  const kind = random.uniform();
  const core = i === 0 || (kind > 0.45 && kind < 0.85) ? random.between(0.4, 0.7) : kind >= 0.85 ? 0.95 : 0;
  return {
    centre: placeLesion(random, grid, anatomy),
    radii: [
      size * random.between(0.7, 1.2),
      size * random.between(0.7, 1.2),
      size * random.between(0.9, 1.5),
    ],
    glass: random.between(-600, -430),
    solid: random.between(-60, 45),
    core,
    softness: random.between(0.15, 0.4),
    noiseSeed: random.fork(),
  };
}

/** A place in the lung within the grid's height, drawn again until it is likely enough for this disease. */
function placeLesion(random: Random, grid: Grid, anatomy: Anatomy): Point {
  const top = position(grid, 2, grid.dims[2] - 1);
  const low = Math.max(-top, anatomy.base);
  const high = Math.min(top, anatomy.apex - 15);
  let centre: Point = [0, 0, 0];
  for (let attempt = 0; attempt < 2000; attempt++) {
    centre = [
      random.between(-1, 1) * anatomy.cavity[0],
      random.between(-1, 1) * anatomy.cavity[1],
      random.between(low, high),
    ];
    const [left, back, up] = centre;
    const cavity = cavityFraction(anatomy, left, back, up);
    const isLung =
      cavity < 1 && up > diaphragm(anatomy, left, back) && !inMediastinum(anatomy, left, back, up);
    const peripheral = cavity > 0.75 ? 1 : 0.2;
    const dependent = 0.6 + (0.4 * back) / anatomy.cavity[1];
    if (isLung && random.uniform() < peripheral * dependent) break;
  }
  return centre;
}

function drawLesion(
  grid: Grid,
  lesion: Lesion,
  lungs: Uint8Array,
  density: Float32Array,
  { groundGlass, consolidation }: LesionTruth,
): void {
  const { centre, radii, core, softness, noiseSeed } = lesion;
  const reach = Math.max(...radii) * 1.6;
  forEachVoxelNear(grid, centre, centre, reach, (index, point) => {
    if (lungs[index] !== 1) return;
    const [left, back, up] = point;
    const x = (left - centre[0]) / radii[0];
    const y = (back - centre[1]) / radii[1];
    const z = (up - centre[2]) / radii[2];
    const radius = Math.sqrt(x * x + y * y + z * z);
    if (radius > 1.6) return;
    const distance =
      radius +
      0.38 * smoothNoise(noiseSeed, left / 14, back / 14, up / 14) +
      0.14 * smoothNoise(noiseSeed + 1, left / 5, back / 5, up / 5);
    const glass = smoothStep(0.5 + (1 - distance) / (2 * softness));
    if (glass === 0) return;
    const solid = core === 0 ? 0 : smoothStep(0.5 + (core - distance) / 0.2);
    const paving = 55 * smoothNoise(noiseSeed + 2, left / 4, back / 4, up / 4);
    const present = density[index] ?? 0;
    const hazy = present + glass * Math.max(0, lesion.glass + paving - present);
    density[index] = hazy + solid * Math.max(0, lesion.solid - hazy);
    if (solid >= 0.5) {
      consolidation[index] = 1;
      groundGlass[index] = 0;
    } else if (glass >= 0.5 && consolidation[index] !== 1) {
      groundGlass[index] = 1;
    }
  });
}
