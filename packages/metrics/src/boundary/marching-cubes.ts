/** A triangle's normal, as long as its area, at unit spacing. */
export type AreaVector = readonly [x: number, y: number, z: number];

/** Middle of an edge: the sum of its two corners, written in base 3, x lowest; that is in half sides of the cube. */
type Point = number;

/** Corner k of the cube has the coordinates of the bits of k, x lowest; in base 3. */
const CORNERS: readonly Point[] = [0, 1, 3, 4, 9, 10, 12, 13];

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
  const neighbours = new Map<Point, Point[]>();
  for (const face of FACES) {
    const cuts = [0, 1, 2, 3].filter((i) => filled(face[i]!) !== filled(face[(i + 1) % 4]!));
    const middles = [0, 1, 2, 3].map((i) => CORNERS[face[i]!]! + CORNERS[face[(i + 1) % 4]!]!);
    const lines =
      cuts.length === 2
        ? [cuts]
        : [0, 1, 2, 3].flatMap((i) =>
            cuts.length === 4 && filled(face[i]!) === rarer ? [[(i + 3) % 4, i]] : [],
          );
    for (const [from, to] of lines.flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ])) {
      neighbours.set(middles[from!]!, [...(neighbours.get(middles[from!]!) ?? []), middles[to!]!]);
    }
  }
  return walk(neighbours);
}

/** Every point has two neighbours: follow them around. */
function walk(neighbours: Map<Point, Point[]>): Point[][] {
  const seen = new Set<Point>();
  return [...neighbours.keys()].flatMap((start) => {
    if (seen.has(start)) return [];
    const polygon: Point[] = [];
    for (let next: Point | undefined = start; next !== undefined;) {
      seen.add(next);
      polygon.push(next);
      next = neighbours.get(next)!.find((point) => !seen.has(point));
    }
    return [polygon];
  });
}

/** The triangle on the edge from the first to the last point that gives most with what lies beside it. */
function largestTriangulation(polygon: readonly Point[]): readonly AreaVector[] {
  if (polygon.length < 3) return [];
  const sizeOf = (triangles: readonly AreaVector[]): number =>
    triangles.reduce((sum, vector) => sum + Math.hypot(...vector), 0);
  return polygon
    .slice(1, -1)
    .map((apex, i) => [
      areaVector(polygon[0]!, apex, polygon.at(-1)!),
      ...largestTriangulation(polygon.slice(0, i + 2)),
      ...largestTriangulation(polygon.slice(i + 1)),
    ])
    .reduce((best, other) => (sizeOf(other) > sizeOf(best) + 1e-9 ? other : best));
}

/** Half the cross product of two sides. */
function areaVector(...points: readonly [Point, Point, Point]): AreaVector {
  const [a, b, c] = points.map((point) => [point % 3, Math.floor(point / 3) % 3, Math.floor(point / 9)]);
  const [u, v] = [b, c].map((end) => a!.map((start, axis) => (end![axis]! - start) / 2));
  return [0, 1, 2].map((axis) => {
    const [next, last] = [(axis + 1) % 3, (axis + 2) % 3];
    return (u![next]! * v![last]! - u![last]! * v![next]!) / 2;
  }) as unknown as AreaVector;
}
