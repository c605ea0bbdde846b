import type { Components } from '../morphology/connected-components.js';
import type { Region } from './air.js';
import type { DisplayGrid } from './display-grid.js';
import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';
import { splitSides } from './split-sides.js';

/** A region with more than this on both sides of the midline may be two lungs in one. */
const BOTH_SIDES = 0.1;
/** Cut at the midline only if more than this lies on each side; a lung may well reach across. */
const CUT_SIDES = 0.25;
/** Only regions of at least this share of the largest are two lungs. */
const LARGE = 0.2;

/** Sides of the regions, and how those that span both were parted. */
export interface AssignedSides {
  /** Label of each voxel, in display order. */
  readonly labels: Uint8Array;
  /** `narrowest`: parted where they touch; `midline`: cut there, because no narrow place was found. */
  readonly joined?: 'narrowest' | 'midline';
}

/** Gives each region its side, and parts lungs that touch. */
export function assignSides(
  components: Components,
  regions: readonly Region[],
  grid: DisplayGrid,
  midline: number,
): AssignedSides {
  const largest = regions[0]?.voxels ?? 0;
  const sideOf = new Uint8Array(components.count + 1);
  const spanning: Region[] = [];
  for (const region of regions) {
    const smaller = Math.min(region.left, 1 - region.left);
    if (smaller > BOTH_SIDES && region.voxels >= LARGE * largest) spanning.push(region);
    else sideOf[region.component] = region.left > 0.5 ? LEFT_LUNG : RIGHT_LUNG;
  }
  const parted: Uint8Array[] = [];
  let joined: AssignedSides['joined'];
  for (const region of spanning) {
    const { component, box, left } = region;
    const mask = components.select((other) => other === component);
    const sides = splitSides(mask, grid, box, midline);
    if (sides !== undefined) {
      parted.push(sides);
      joined ??= 'narrowest';
    } else if (Math.min(left, 1 - left) <= CUT_SIDES) {
      sideOf[component] = left > 0.5 ? LEFT_LUNG : RIGHT_LUNG;
    } else {
      parted.push(cutAtMidline(mask, grid, midline));
      joined = 'midline';
    }
  }
  const labels = new Uint8Array(grid.dims[0] * grid.dims[1] * grid.dims[2]);
  components.forEachRun((component, start, end) => {
    const side = sideOf[component] ?? 0;
    if (side !== 0) labels.fill(side, start, end);
  });
  for (const sides of parted) {
    for (let i = 0; i < labels.length; i++) if (sides[i] !== 0) labels[i] = sides[i] ?? 0;
  }
  return { labels, ...(joined !== undefined && { joined }) };
}

function cutAtMidline(mask: Uint8Array, { dims: [nx] }: DisplayGrid, midline: number): Uint8Array {
  return mask.map((value, i) => (value === 0 ? 0 : i % nx < midline ? RIGHT_LUNG : LEFT_LUNG));
}
