import { type Anatomy, diaphragm, inMediastinum, cavityFraction } from './anatomy.js';
import { forEachVoxelNear, type Grid, type Point } from './grid.js';
import { createRandom, type Random } from './random.js';

/** A straight piece of a vessel or airway, in millimetres. */
interface Segment {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}

const BLOOD = 42;
const WALL = 20;
const AIRWAY_AIR = -985;

/**
 * Draws the arteries and veins of both lungs, thinning from the hilum to the periphery, then the windpipe and the
 * bronchi, whose air stays visible inside consolidation.
 *
 * @param density HU per voxel, drawn into
 */
export function drawTubes(grid: Grid, anatomy: Anatomy, seed: number, density: Float32Array): void {
  const random = createRandom(seed);
  for (const side of [-1, 1]) {
    for (const [back, up] of [
      [2, 4],
      [-8, -14],
    ] as const) {
      const trunks = vesselTrunks(random, [side * 34, back, up], side);
      for (const segment of growTree(random, anatomy, trunks, 0.75)) {
        paint(grid, density, segment, 0, BLOOD);
      }
    }
  }
  const airways = airwayTree(random, anatomy);
  for (const segment of airways) paint(grid, density, segment, wallThickness(segment), WALL);
  for (const segment of airways) paintAir(grid, density, segment);
}

function vesselTrunks(random: Random, hilum: Point, side: number): Segment[] {
  const headings: readonly Point[] = [
    [0.5, -0.3, 0.9],
    [0.6, 0.5, 0.7],
    [1, -0.6, 0.1],
    [1, 0.5, 0],
    [0.7, -0.2, -0.9],
    [0.4, 0.7, -0.8],
  ];
  return headings.map(([left, back, up]) =>
    step(random, hilum, [left * side, back, up], random.between(4, 6.2), 0.25),
  );
}

function airwayTree(random: Random, anatomy: Anatomy): Segment[] {
  const carina: Point = [0, 12, 26];
  const windpipe: Segment = { from: [0, 4, 175], to: carina, radius: 8.5 };
  const bronchi = [-1, 1].map((side): Segment => ({
    from: carina,
    to: [side * 34, 4, -2],
    radius: side < 0 ? 6.3 : 5.6,
  }));
  const branches = bronchi.flatMap(({ to }) => {
    const side = to[0] < 0 ? -1 : 1;
    const headings: readonly Point[] = [
      [0.6, -0.2, 0.8],
      [0.9, -0.4, 0],
      [0.5, 0.4, -0.9],
    ];
    return headings.map(([left, back, up]) => step(random, to, [left * side, back, up], 3.6, 0.2));
  });
  return [windpipe, ...bronchi, ...growTree(random, anatomy, branches, 1.1)];
}

/** Lets each segment fork until it is thinner than `thinnest` or has left the lung. */
function growTree(random: Random, anatomy: Anatomy, roots: readonly Segment[], thinnest: number): Segment[] {
  const tree: Segment[] = [];
  const open = [...roots];
  for (let segment = open.pop(); segment !== undefined; segment = open.pop()) {
    if (!roots.includes(segment) && !staysInLung(anatomy, segment)) continue;
    tree.push(segment);
    const heading = difference(segment.to, segment.from);
    for (const share of [random.between(0.78, 0.92), random.between(0.55, 0.8)]) {
      const radius = segment.radius * share;
      if (radius >= thinnest) open.push(step(random, segment.to, heading, radius, 0.6));
    }
  }
  return tree;
}

/** A segment that goes on from a point, turned away from `heading` by up to `bend`. */
function step(random: Random, from: Point, heading: Point, radius: number, bend: number): Segment {
  const direction = normalise(heading);
  const turned = normalise(direction.map((value) => value + random.between(-bend, bend)) as unknown as Point);
  const length = random.between(6, 10) * Math.sqrt(radius) + 2;
  const to = from.map((value, i) => value + length * (turned[i] ?? 0)) as unknown as Point;
  return { from, to, radius };
}

/** Whether a segment ends in the lung; a wide one may still be on its way there from the middle. */
function staysInLung(anatomy: Anatomy, { to: [left, back, up], radius }: Segment): boolean {
  if (cavityFraction(anatomy, left, back, up) > 0.97 || up < diaphragm(anatomy, left, back)) return false;
  return radius > 3 || !inMediastinum(anatomy, left, back, up);
}

/** Blends a density into the voxels of a segment, by how much of each voxel it covers; never makes one less dense. */
function paint(grid: Grid, density: Float32Array, segment: Segment, wall: number, value: number): void {
  forEachCovered(grid, segment, segment.radius + wall, (index, coverage) => {
    const present = density[index] ?? 0;
    if (present < value) density[index] = present + coverage * (value - present);
  });
}

function paintAir(grid: Grid, density: Float32Array, segment: Segment): void {
  forEachCovered(grid, segment, segment.radius, (index, coverage) => {
    const present = density[index] ?? 0;
    density[index] = present + coverage * (AIRWAY_AIR - present);
  });
}

function wallThickness({ radius }: Segment): number {
  return 0.35 + 0.18 * radius;
}

/** Coverage in 0..1 of each voxel that a capsule touches, averaged over three heights within the slice. */
function forEachCovered(
  grid: Grid,
  segment: Segment,
  radius: number,
  visit: (index: number, coverage: number) => void,
): void {
  const [inPlane, , thickness] = grid.spacing;
  const { from, to } = segment;
  forEachVoxelNear(grid, from, to, radius + Math.max(inPlane, thickness / 2), (index, [left, back, up]) => {
    let coverage = 0;
    for (let sample = -1; sample <= 1; sample++) {
      const distance = distanceToSegment([left, back, up + (sample * thickness) / 3], segment);
      const covered = (radius - distance) / inPlane + 0.5;
      coverage += covered < 0 ? 0 : covered > 1 ? 1 : covered;
    }
    if (coverage > 0) visit(index, coverage / 3);
  });
}

function distanceToSegment(point: Point, { from, to }: Segment): number {
  const along = difference(to, from);
  const offset = difference(point, from);
  const t = Math.max(0, Math.min(1, dot(offset, along) / dot(along, along)));
  const rest = difference(offset, along.map((value) => value * t) as unknown as Point);
  return Math.sqrt(dot(rest, rest));
}

function difference(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function normalise(v: Point): Point {
  const length = Math.sqrt(dot(v, v));
  return [v[0] / length, v[1] / length, v[2] / length];
}
