/** A triangle's normal, as long as its area, at unit spacing. */
export type AreaVector = readonly [x: number, y: number, z: number];

type Point = readonly [x: number, y: number, z: number];

/** Corners of the unit cube; corner k has the coordinates of the bits of k, x lowest. */
const CORNERS: readonly Point[] = Array.from({ length: 8 }, (_, k) => [k & 1, (k >> 1) & 1, (k >> 2) & 1]);

/** Corners around each of the six faces, in order. */
const FACES: readonly (readonly number[])[] = [0, 1, 2].flatMap((axis) =>
  [0, 1].map((side) => {
    const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
    const base = side << axis;
    return [base, base + u, base + u + v, base + v];
  }),
);

/**
 * The marching-cubes table as areas: for each of the 256 ways to fill the corners of a cube, the triangles of the surface
 * between them.
 *
 * Generated, not tabulated. Edges between a filled and an empty corner are cut in the middle; on a face with two filled
 * corners across, the corners of the kind that is rarer in the cube (the filled ones, if equal) are cut off singly; of
 * all ways to split the resulting polygon into triangles, the one of largest area counts. That gives the areas of the
 * surface-distance package (DeepMind) for every configuration and every spacing.
 */
export function marchingCubesAreas(): readonly (readonly AreaVector[])[] {
  return Array.from({ length: 256 }, (_, code) => polygonsOf(code).flatMap(largestTriangulation));
}

/** The closed polygons that separate filled from empty corners. */
function polygonsOf(code: number): Point[][] {
  const filled = (corner: number): boolean => ((code >> corner) & 1) === 1;
  const rarer = CORNERS.filter((_, corner) => filled(corner)).length <= 4;
  const neighbours = new Map<string, Point[]>();
  for (const face of FACES) {
    const cuts = [0, 1, 2, 3].filter((i) => filled(face[i]!) !== filled(face[(i + 1) % 4]!));
    const middles = [0, 1, 2, 3].map((i) => middle(CORNERS[face[i]!]!, CORNERS[face[(i + 1) % 4]!]!));
    const lines =
      cuts.length === 2
        ? [cuts]
        : [0, 1, 2, 3].flatMap((i) =>
            cuts.length === 4 && filled(face[i]!) === rarer ? [[(i + 3) % 4, i]] : [],
          );
    for (const [from, to] of lines) connect(neighbours, middles[from!]!, middles[to!]!);
  }
  return walk(neighbours);
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function connect(neighbours: Map<string, Point[]>, a: Point, b: Point): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    neighbours.set(String(from), [...(neighbours.get(String(from)) ?? []), to]);
  }
}

/** Every point has two neighbours: follow them around. */
function walk(neighbours: Map<string, Point[]>): Point[][] {
  const polygons: Point[][] = [];
  const seen = new Set<string>();
  for (const start of neighbours.keys()) {
    if (seen.has(start)) continue;
    const polygon: Point[] = [];
    let next: Point | undefined = start.split(',').map(Number) as unknown as Point;
    while (next) {
      seen.add(String(next));
      polygon.push(next);
      next = neighbours.get(String(next))!.find((point) => !seen.has(String(point)));
    }
    polygons.push(polygon);
  }
  return polygons;
}

function largestTriangulation(polygon: readonly Point[]): readonly AreaVector[] {
  const sizeOf = (triangles: readonly AreaVector[]): number =>
    triangles.reduce((sum, vector) => sum + Math.hypot(...vector), 0);
  return triangulations(polygon).reduce((best, other) =>
    sizeOf(other) > sizeOf(best) + 1e-9 ? other : best,
  );
}

/** All ways to split a polygon: the triangle on the edge from its first to its last point, times what lies beside it. */
function triangulations(polygon: readonly Point[]): AreaVector[][] {
  if (polygon.length < 3) return [[]];
  return polygon.slice(1, -1).flatMap((apex, i) => {
    const triangle = areaVector(polygon[0]!, apex, polygon.at(-1)!);
    return triangulations(polygon.slice(0, i + 2)).flatMap((left) =>
      triangulations(polygon.slice(i + 1)).map((right) => [triangle, ...left, ...right]),
    );
  });
}

/** Half the cross product of two sides. */
function areaVector(a: Point, b: Point, c: Point): AreaVector {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  return [(uy * vz - uz * vy) / 2, (uz * vx - ux * vz) / 2, (ux * vy - uy * vx) / 2];
}
