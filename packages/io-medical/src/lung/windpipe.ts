import { connectedComponents } from '../morphology/connected-components.js';
import type { Volume } from '../volume.js';
import { type DisplayGrid, volumeIndex } from './display-grid.js';

/** Cross-sections of a windpipe lie within these bounds. */
const AREA_MM2 = [30, 900] as const;
const SIDE_MM = [5, 38] as const;
/** Share of its bounding rectangle that a round section fills: a disc fills 0.79. */
const ROUNDNESS = 0.55;
const OFF_MIDLINE_MM = 35;
/** How far the middle may move from one slice to the next. */
const SHIFT_MM = 8;
const SHORTEST_MM = 20;
/** A windpipe holds air as thin as outside; where all of it is denser, it is something else. */
const DENSEST_HU = -880;
/** Columns of sections that are looked at. */
const CANDIDATES = 8;

/** One section of what may be the windpipe. */
interface Section {
  readonly component: number;
  readonly slice: number;
  readonly centre: readonly [number, number];
  readonly areaMm2: number;
}

/** The windpipe as it is followed down from the top. */
export interface Windpipe {
  /** Its voxels, in display order. */
  readonly voxels: Int32Array;
  /** Density that a quarter of its voxels are below, in HU: its air without the rim it shares with the wall. */
  readonly density: number;
}

/**
 * Finds the windpipe in air inside the body: round sections near the midline, one below the other, and the longest such
 * column whose air is as thin as in the open.
 */
export function findWindpipe(
  inside: Uint8Array,
  volume: Volume,
  grid: DisplayGrid,
  midline: number,
): Windpipe | undefined {
  const components = connectedComponents(inside, grid.dims, { connectivity: 4 });
  const minimum = Math.max(2, SHORTEST_MM / grid.spacing[2]);
  const columns = columnsOf(sectionsOf(components.boxes(), components.sizes, grid, midline), grid)
    .filter(({ length }) => length >= minimum)
    .toSorted((a, b) => b.length - a.length);
  for (const column of columns.slice(0, CANDIDATES)) {
    const wanted = new Set(column.map(({ component }) => component));
    const voxels: number[] = [];
    components.forEachRun((component, start, end) => {
      if (wanted.has(component)) for (let i = start; i < end; i++) voxels.push(i);
    });
    const density = lowerQuartile(voxels, volume, grid);
    if (density <= DENSEST_HU) return { voxels: Int32Array.from(voxels), density };
  }
  return undefined;
}

function sectionsOf(
  boxes: ReturnType<ReturnType<typeof connectedComponents>['boxes']>,
  sizes: Float64Array,
  { spacing: [sx, sy] }: DisplayGrid,
  midline: number,
): Section[] {
  return boxes.flatMap((box, component) => {
    if (box === undefined) return [];
    const areaMm2 = (sizes[component] ?? 0) * sx * sy;
    const sides = [(box.to[0] - box.from[0]) * sx, (box.to[1] - box.from[1]) * sy] as const;
    const centre = [((box.from[0] + box.to[0]) / 2) * sx, ((box.from[1] + box.to[1]) / 2) * sy] as const;
    const isRound =
      areaMm2 >= AREA_MM2[0] &&
      areaMm2 <= AREA_MM2[1] &&
      sides.every((side) => side >= SIDE_MM[0] && side <= SIDE_MM[1]) &&
      areaMm2 >= ROUNDNESS * sides[0] * sides[1];
    if (!isRound || Math.abs(centre[0] - midline * sx) > OFF_MIDLINE_MM) return [];
    return [{ component, slice: box.from[2], centre, areaMm2 }];
  });
}

/** Sections that lie under each other from slice to slice, from the top down. */
function columnsOf(sections: readonly Section[], { spacing }: DisplayGrid): Section[][] {
  const columns: Section[][] = [];
  const shift = Math.max(SHIFT_MM, 2 * spacing[2]);
  let open: Section[][] = [];
  let slice = Infinity;
  for (const section of sections.toSorted((a, b) => b.slice - a.slice)) {
    if (section.slice !== slice) {
      slice = section.slice;
      open = columns.filter((column) => column.at(-1)?.slice === slice + 1);
    }
    const above = open.find((column) => {
      const last = column.at(-1);
      if (last?.slice !== slice + 1) return false;
      const moved = Math.hypot(last.centre[0] - section.centre[0], last.centre[1] - section.centre[1]);
      const ratio = last.areaMm2 / section.areaMm2;
      return moved <= shift && ratio < 2.5 && ratio > 0.4;
    });
    if (above === undefined) columns.push([section]);
    else above.push(section);
  }
  return columns;
}

function lowerQuartile(indices: readonly number[], { voxels }: Volume, grid: DisplayGrid): number {
  const values = Float64Array.from(indices, (i) => voxels[volumeIndex(grid, i)] ?? 0).toSorted();
  return values[values.length >> 2] ?? 0;
}
