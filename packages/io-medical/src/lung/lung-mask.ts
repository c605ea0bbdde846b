import { ImageFormatError } from '../errors.js';
import type { ImageCheck } from '../checks/image-check.js';
import { connectedComponents } from '../morphology/connected-components.js';
import { closing } from '../morphology/dilate-erode.js';
import { fillHoles } from '../morphology/fill-holes.js';
import { cropMask, growBox, maskBox, pasteMask } from '../morphology/voxel-grid.js';
import type { Volume } from '../volume.js';
import { addInfection } from './add-infection.js';
import { bodyMidline, enclosedAir, lungRegions } from './air.js';
import { type AirwayTrunk, findAirwayTrunk } from './airways.js';
import { type AssignedSides, assignSides } from './assign-sides.js';
import {
  belowInDisplay,
  cropDisplayGrid,
  type DisplayGrid,
  displayGrid,
  fromDisplay,
  toDisplay,
} from './display-grid.js';
import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';
import { lungChecks } from './lung-checks.js';

/** Options of {@link lungMask}. */
export interface LungMaskOptions {
  /** Voxels below this density are air. Default -320 HU. */
  readonly thresholdHu?: number;
  /** Radius of the disc that closes vessels and bays at the lung's surface, slice by slice. Default 10 mm. */
  readonly closingMm?: number;
  /**
   * Holes of a slice up to this area are filled: vessels, nodules, consolidation. Default 1500 mm2; the liver's dome,
   * which the lung surrounds in some slices, is larger.
   */
  readonly holeMm2?: number;
  /** What becomes of windpipe and main bronchi. Default `remove`. */
  readonly airways?: 'remove' | 'keep';
  /** Mask of the infection in the volume's order: consolidated lung is no air, so it counts as lung by itself. */
  readonly infection?: Uint8Array;
}

/** What {@link lungMask} found. */
export interface LungMask {
  /** Per voxel in the volume's order: 0, {@link RIGHT_LUNG} (1) or {@link LEFT_LUNG} (2), the patient's own sides. */
  readonly labels: Uint8Array;
  readonly voxels: { readonly right: number; readonly left: number };
  /** What looks wrong: no lung, one lung, a field of view that cuts them, ... Empty when nothing does. */
  readonly checks: readonly ImageCheck[];
  /** How the mask was made, with all figures, for reports. */
  readonly method: string;
}

/**
 * Both lungs of a chest CT, in HU: air by a threshold; what touches the sides of the image, gas (bowel) and small
 * regions left out; windpipe and main bronchi taken away; lungs that touch parted where they are narrowest; closed with
 * a disc and filled, slice by slice, each lung by itself. Slices are axial whatever the file's orientation.
 *
 * It is a recipe of thresholds, not a trained model: a consolidated lobe or an effusion at the pleura is not air and is
 * missed unless `infection` holds it. Takes seconds for a large volume: in a page call it in a worker.
 *
 * @throws {ImageFormatError} `invalid-option`, also for a volume that is not in HU; `size-mismatch`
 */
export function lungMask(volume: Volume, options: LungMaskOptions = {}): LungMask {
  const { thresholdHu = -320, closingMm = 10, holeMm2 = 1500, airways = 'remove', infection } = options;
  checkInput(volume, thresholdHu, infection);
  const grid = displayGrid(volume);
  const midline = bodyMidline(volume, grid);
  const labels = new Uint8Array(volume.voxels.length);
  const air = enclosedAir(belowInDisplay(volume, grid, thresholdHu), volume, grid);
  const box = maskBox(air, grid.dims);
  let trunk: AirwayTrunk | undefined;
  let joined: AssignedSides['joined'];
  if (box !== undefined) {
    // From here on only the box around the lungs is worked on, with one voxel of outside at its sides.
    const wide = growBox(box, [1, 1, 0]);
    const part = cropDisplayGrid(grid, wide);
    const inside = cropMask(air, grid.dims, wide);
    const middle = midline - wide.from[0];
    if (airways === 'remove') trunk = findAirwayTrunk(inside, volume, part, middle);
    if (trunk !== undefined) subtract(inside, trunk.withWall);
    const components = connectedComponents(inside, part.dims);
    const sides = assignSides(components, lungRegions(components, volume, part, middle), part, middle);
    joined = sides.joined;
    finish(sides.labels, part, { closingMm, holeMm2 }, trunk?.lumen);
    pasteMask(labels, grid.dims, wide, sides.labels);
  }
  // Before infection counts as lung: it must not hide that none was found.
  const checks = lungChecks(labels, grid, {
    voxels: countSides(labels),
    joined,
    midline,
    calibrated: volume.calibrated,
  });
  if (infection !== undefined) addInfection(labels, toDisplay(infection, grid), grid.dims[0], midline);
  return {
    labels: fromDisplay(labels, grid),
    voxels: countSides(labels),
    checks,
    method: describe({ thresholdHu, closingMm, holeMm2, airways }, { trunk, joined, infection }),
  };
}

function checkInput({ unit, source, voxels }: Volume, thresholdHu: number, infection?: Uint8Array): void {
  if (unit !== 'HU') {
    throw new ImageFormatError(
      'invalid-option',
      `${source}: lungs are found by their density, and this image is not in Hounsfield units`,
      'Give a CT volume in HU, or bring a lung mask of your own.',
    );
  }
  if (!Number.isFinite(thresholdHu)) {
    throw new ImageFormatError('invalid-option', `a threshold of ${thresholdHu} HU`, 'Give a finite number.');
  }
  if (infection !== undefined && infection.length !== voxels.length) {
    throw new ImageFormatError(
      'size-mismatch',
      `${source}: the infection has ${infection.length} voxels, the volume ${voxels.length}`,
      'Give a mask on the grid of the volume.',
    );
  }
}

/** Closes and fills each lung by itself, in place, so that neither swallows what lies between them. */
function finish(
  labels: Uint8Array,
  { dims, spacing }: DisplayGrid,
  { closingMm, holeMm2 }: { readonly closingMm: number; readonly holeMm2: number },
  lumen: Uint8Array | undefined,
): void {
  const maxVoxels = holeMm2 / (spacing[0] * spacing[1]);
  const lungs = [RIGHT_LUNG, LEFT_LUNG].map((side) => {
    const own = new Uint8Array(labels.length);
    for (let i = 0; i < own.length; i++) if (labels[i] === side) own[i] = 1;
    const closed = closing(own, { dims, spacing }, { radius: closingMm, shape: 'disc' });
    return { side, filled: fillHoles(closed, dims, { within: 'slices', maxVoxels }) };
  });
  for (const { side, filled } of lungs) {
    for (let i = 0; i < labels.length; i++) {
      if (filled[i] === 1 && labels[i] === 0 && lumen?.[i] !== 1) labels[i] = side;
    }
  }
}

function subtract(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) if (other[i] !== 0) mask[i] = 0;
}

function countSides(labels: Uint8Array): LungMask['voxels'] {
  let right = 0;
  let left = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === RIGHT_LUNG) right++;
    else if (labels[i] === LEFT_LUNG) left++;
  }
  return { right, left };
}

function describe(
  { thresholdHu, closingMm, holeMm2, airways }: Required<Omit<LungMaskOptions, 'infection'>>,
  {
    trunk,
    joined,
    infection,
  }: {
    readonly trunk: AirwayTrunk | undefined;
    readonly joined: AssignedSides['joined'];
    readonly infection: Uint8Array | undefined;
  },
): string {
  const airwayPart =
    airways === 'keep'
      ? 'airways kept'
      : trunk === undefined
        ? 'no windpipe seen'
        : 'windpipe and main bronchi removed';
  return [
    `air below ${thresholdHu} HU in 3-D components of 6 neighbours that do not touch the sides of the image, gas left out`,
    airwayPart,
    ...(joined === undefined
      ? []
      : [`touching lungs parted at the ${joined === 'midline' ? 'midline' : 'narrowest place'}`]),
    `each lung closed per slice with a disc of ${closingMm} mm, holes up to ${holeMm2} mm2 filled`,
    ...(infection !== undefined ? ['infection counted as lung'] : []),
  ].join('; ');
}
