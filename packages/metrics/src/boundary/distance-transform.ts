import type { Box } from './crop-pair.js';

/** Sizes and spacing of what is searched. */
type Extent = Pick<Box, 'width' | 'height' | 'depth' | 'spacing'>;

/** No site in this column. */
const NONE = 0xffff_ffff;

/**
 * Euclidean distance from every query voxel to the nearest site, exact, in O(voxels): steps to the nearest site along z
 * for all voxels, then, in slices that hold a query, the lower envelope of one parabola per voxel along y and along x
 * (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012).
 *
 * Squared distances are kept in units of the spacing along x: whole numbers, hence exact, for equal spacings.
 *
 * @param sites not 0 at a site, [depth * height * width]
 * @param queries not 0 where the distance is wanted, same size
 * @returns one distance per query, in the order of the voxels; Infinity without any site
 */
export function distancesAt(sites: Uint8Array, queries: Uint8Array, extent: Extent): Float64Array {
  const { width, height, depth, spacing } = extent;
  const [sx, sy, sz] = spacing;
  const steps = stepsAlongZ(sites, extent); // [depth, height, width]
  const area = width * height;
  const found = new Float64Array(countSet(queries));
  const [yWeight, zWeight] = [(sy / sx) ** 2, (sz / sx) ** 2];
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
        if (gap !== NONE) line.add(y, gap * gap * zWeight, yWeight);
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
  for (let i = 0; i < found.length; i++) found[i] = sx * Math.sqrt(found[i]!);
  return found;
}

/** How many bytes are not 0. */
function countSet(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) count++;
  return count;
}

/** For every voxel the number of steps along z to the nearest site; NONE where its column has none. */
function stepsAlongZ(sites: Uint8Array, { width, height, depth }: Extent): Uint32Array {
  const area = width * height;
  const steps = new Uint32Array(sites.length);
  for (let i = 0; i < area; i++) steps[i] = sites[i] === 0 ? NONE : 0;
  for (let i = area; i < steps.length; i++) {
    const before = steps[i - area]!;
    steps[i] = sites[i] !== 0 ? 0 : before === NONE ? NONE : before + 1;
  }
  for (let i = area * (depth - 1) - 1; i >= 0; i--) {
    const behind = steps[i + area]!;
    if (behind !== NONE && behind + 1 < steps[i]!) steps[i] = behind + 1;
  }
  return steps;
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
