import type { Box } from './crop-pair.js';

/** Sizes and spacing of what is searched. */
type Extent = Pick<Box, 'width' | 'height' | 'depth' | 'spacing'>;

/** Steps to the nearest site along z; as many as the type can hold where there is none. */
type Steps = Uint16Array | Uint32Array;

/** Voxels that the direct search may look at, per voxel of the box, before it gives way to the envelopes. */
const SEARCH_BUDGET = 8;

/**
 * Euclidean distance from every query voxel to the nearest site, exact, in O(voxels).
 *
 * First the steps to the nearest site along z, for all voxels. Then, for each query, a direct search of its slice that
 * ends as soon as nothing nearer can come: surfaces of one lesion are close. Where that looks at too much, the lower
 * envelopes of one parabola per voxel along y and x take over (Felzenszwalb and Huttenlocher, "Distance transforms of
 * sampled functions", 2012).
 *
 * Squared distances are kept in units of the spacing along x: whole numbers, hence exact, for equal spacings.
 *
 * @param sites not 0 at a site, [depth * height * width]
 * @param queries not 0 where the distance is wanted, same size
 * @returns one distance per query, in the order of the voxels; Infinity without any site
 */
export function distancesAt(sites: Uint8Array, queries: Uint8Array, extent: Extent): Float64Array {
  const [sx, sy, sz] = extent.spacing;
  const weights = { y: (sy / sx) ** 2, z: (sz / sx) ** 2 };
  const steps = stepsAlongZ(sites, extent); // [depth, height, width]
  const found = new Float64Array(countSet(queries));
  if (!searchNearby(found, steps, queries, extent, weights)) {
    followEnvelopes(found, steps, queries, extent, weights);
  }
  for (let i = 0; i < found.length; i++) found[i] = sx * Math.sqrt(found[i]!);
  return found;
}

/** Factors of squared steps along y and z. */
interface Weights {
  readonly y: number;
  readonly z: number;
}

/** Looks around every query, row by row outwards; false, with nothing to rely on, where that takes too long. */
function searchNearby(
  found: Float64Array,
  steps: Steps,
  queries: Uint8Array,
  { width, height }: Extent,
  weights: Weights,
): boolean {
  const none = noneOf(steps);
  let budget = SEARCH_BUDGET * queries.length;
  let next = 0;
  for (let i = 0; i < queries.length; i++) {
    if (queries[i] === 0) continue;
    const x = i % width;
    const y = ((i - x) / width) % height;
    let best = Infinity;
    for (let dy = 0; weights.y * dy * dy < best && (dy <= y || dy < height - y); dy++) {
      const vertical = weights.y * dy * dy;
      for (let side = dy === 0 ? 1 : -1; side <= 1; side += 2) {
        if (y + side * dy < 0 || y + side * dy >= height) continue;
        const row = i - x + side * dy * width;
        for (let dx = 0; vertical + dx * dx < best && (dx <= x || dx < width - x); dx++) {
          budget--;
          const left = dx <= x ? steps[row + x - dx]! : none;
          const right = x + dx < width ? steps[row + x + dx]! : none;
          const gap = left < right ? left : right;
          if (gap === none) continue;
          const distance = gap * gap * weights.z + vertical + dx * dx;
          if (distance < best) best = distance;
        }
      }
      if (budget < 0) return false;
    }
    found[next++] = best;
  }
  return true;
}

/** Linear time whatever the masks: two envelopes, and only slices and rows that hold a query. */
function followEnvelopes(
  found: Float64Array,
  steps: Steps,
  queries: Uint8Array,
  extent: Extent,
  weights: Weights,
): void {
  const { width, height, depth } = extent;
  const none = noneOf(steps);
  const area = width * height;
  const line = new Line(Math.max(width, height));
  const plane = new Float64Array(area); // [height, width], valid in rows that hold a query
  let next = 0;
  for (let z = 0; z < depth; z++) {
    const rows = rowsWithQueries(queries, z * area, extent);
    if (rows.length === 0) continue;
    for (let x = 0; x < width; x++) {
      line.clear();
      for (let y = 0, i = z * area + x; y < height; y++, i += width) {
        const gap = steps[i]!;
        if (gap !== none) line.add(y, gap * gap * weights.z, weights.y);
      }
      line.read(rows, plane, x, width);
    }
    for (const y of rows) {
      line.clear();
      for (let x = 0; x < width; x++) {
        const height2 = plane[y * width + x]!;
        if (height2 !== Infinity) line.add(x, height2, 1);
      }
      next = line.readQueries(queries, z * area + y * width, width, found, next);
    }
  }
}

function noneOf(steps: Steps): number {
  return steps.BYTES_PER_ELEMENT === 2 ? 0xffff : 0xffff_ffff;
}

/** For every voxel the number of steps along z to the nearest site; the largest number where its column has none. */
function stepsAlongZ(sites: Uint8Array, { width, height, depth }: Extent): Steps {
  const area = width * height;
  const steps = depth < 0xffff ? new Uint16Array(sites.length) : new Uint32Array(sites.length);
  const none = noneOf(steps);
  for (let i = 0; i < area; i++) steps[i] = sites[i] === 0 ? none : 0;
  for (let i = area; i < steps.length; i++) {
    const before = steps[i - area]!;
    steps[i] = sites[i] !== 0 ? 0 : before + (before < none ? 1 : 0);
  }
  for (let i = area * (depth - 1) - 1; i >= 0; i--) {
    const behind = steps[i + area]! + 1;
    if (behind < steps[i]!) steps[i] = behind;
  }
  return steps;
}

/** How many bytes are not 0. */
function countSet(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) count++;
  return count;
}

/** Rows of the slice from `start` on that hold a query. */
function rowsWithQueries(queries: Uint8Array, start: number, { width, height }: Extent): number[] {
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = start + y * width;
    for (let i = row; i < row + width; i++) {
      if (queries[i] === 0) continue;
      rows.push(y);
      break;
    }
  }
  return rows;
}

/** Lower envelope of the parabolas height + weight * (x - site)^2 over one line of voxels. */
class Line {
  readonly #sites: Float64Array;
  readonly #heights: Float64Array;
  /** Where each parabola begins to be the lowest. */
  readonly #starts: Float64Array;
  #count = 0;
  #weight = 1;

  constructor(length: number) {
    this.#sites = new Float64Array(length);
    this.#heights = new Float64Array(length);
    this.#starts = new Float64Array(length);
  }

  clear(): void {
    this.#count = 0;
  }

  /** Sites come from left to right, all with one weight. */
  add(site: number, height: number, weight: number): void {
    this.#weight = weight;
    let start = -Infinity;
    while (this.#count > 0) {
      const last = this.#count - 1;
      const before = this.#sites[last]!;
      start =
        ((height - this.#heights[last]!) / weight + (site - before) * (site + before)) /
        (2 * (site - before));
      if (start > this.#starts[last]!) break;
      this.#count--;
      start = -Infinity;
    }
    this.#sites[this.#count] = site;
    this.#heights[this.#count] = height;
    this.#starts[this.#count] = start;
    this.#count++;
  }

  /** The envelope at the given ascending positions, into column x of a plane. */
  read(positions: readonly number[], plane: Float64Array, x: number, width: number): void {
    let parabola = 0;
    for (const y of positions) {
      if (this.#count > 0) {
        while (parabola + 1 < this.#count && this.#starts[parabola + 1]! < y) parabola++;
        plane[y * width + x] = this.#valueOf(parabola, y);
      } else {
        plane[y * width + x] = Infinity;
      }
    }
  }

  /** The envelope at the queries of a row, appended to `found`; returns where the next goes. */
  readQueries(queries: Uint8Array, row: number, width: number, found: Float64Array, next: number): number {
    let parabola = 0;
    for (let x = 0; x < width; x++) {
      if (queries[row + x] === 0) continue;
      while (parabola + 1 < this.#count && this.#starts[parabola + 1]! < x) parabola++;
      found[next++] = this.#count === 0 ? Infinity : this.#valueOf(parabola, x);
    }
    return next;
  }

  #valueOf(parabola: number, x: number): number {
    const gap = x - this.#sites[parabola]!;
    return this.#heights[parabola]! + this.#weight * gap * gap;
  }
}
