import type { ImageCheck } from '../checks/image-check.js';
import type { AssignedSides } from './assign-sides.js';
import type { DisplayGrid } from './display-grid.js';
import { LEFT_LUNG, RIGHT_LUNG } from './labels.js';

/** A lung smaller than this share of the other one is as good as missing. */
const ONE_LUNG = 0.05;

/** What fills the gap between the lungs lies this far to the patient's right only if the heart does. */
const HEART_ON_THE_RIGHT_MM = -5;
/** Rows between both lungs that a judgement takes. */
const LEAST_ROWS = 50;

/** What looks wrong with a lung mask in display order. */
export function lungChecks(
  labels: Uint8Array,
  grid: DisplayGrid,
  {
    voxels: { right, left },
    joined,
    midline,
    calibrated,
  }: {
    readonly voxels: { readonly right: number; readonly left: number };
    readonly joined: AssignedSides['joined'];
    /** Column of the body's middle. */
    readonly midline: number;
    readonly calibrated: boolean;
  },
): ImageCheck[] {
  const checks: ImageCheck[] = [];
  if (grid.dims[2] === 1) checks.push(SINGLE_SLICE);
  if (!calibrated) checks.push(NO_SPACING);
  if (right + left === 0) return [...checks, NO_LUNG];
  if (Math.min(right, left) < ONE_LUNG * Math.max(right, left)) {
    checks.push(oneLung(right > left ? 'right' : 'left'));
  }
  if (touchesAnySide(labels, grid)) checks.push(LUNGS_CUT);
  if (joined === 'midline') checks.push(LUNGS_JOINED);
  const shift = heartShiftMm(labels, grid, midline);
  if (shift !== undefined && shift < HEART_ON_THE_RIGHT_MM) checks.push(MIRRORED);
  return checks;
}

function touchesAnySide(labels: Uint8Array, { dims: [nx, ny, nz] }: DisplayGrid): boolean {
  for (let row = 0; row < ny * nz; row++) {
    const y = row % ny;
    const start = row * nx;
    if (labels[start] !== 0 || labels[start + nx - 1] !== 0) return true;
    if ((y === 0 || y === ny - 1) && labels.subarray(start, start + nx).some((label) => label !== 0))
      return true;
  }
  return false;
}

/**
 * How far the middle of all that lies between the lungs in their lower half, where the heart is, lies to the left of
 * the body's middle: the mean over rows that cross both lungs, wide gaps counting more.
 */
function heartShiftMm(
  labels: Uint8Array,
  { dims: [nx, ny, nz], spacing }: DisplayGrid,
  midline: number,
): number | undefined {
  const isEmpty = (z: number): boolean => !labels.subarray(z * nx * ny, (z + 1) * nx * ny).some(Boolean);
  let [bottom, top] = [0, nz - 1];
  while (bottom < top && isEmpty(bottom)) bottom++;
  while (top > bottom && isEmpty(top)) top--;
  let [sum, width, rows] = [0, 0, 0];
  for (let row = bottom * ny; row < Math.ceil((bottom + top) / 2) * ny; row++) {
    const line = labels.subarray(row * nx, (row + 1) * nx);
    const right = line.lastIndexOf(RIGHT_LUNG);
    const left = line.indexOf(LEFT_LUNG);
    if (right < 0 || left < right) continue;
    const gap = left - right - 1;
    sum += gap * ((right + left + 1) / 2 - midline);
    width += gap;
    rows++;
  }
  return rows < LEAST_ROWS || width === 0 ? undefined : (sum / width) * spacing[0];
}

const MIRRORED: ImageCheck = {
  code: 'mirrored',
  message: 'the heart seems to lie on the right',
  hint: 'The image may be mirrored (or the heart pushed over, or really there): check the sides before naming one.',
};

const SINGLE_SLICE: ImageCheck = {
  code: 'single-slice',
  message: 'the lungs of a single slice were looked for in 2-D',
  hint: 'Windpipe and bowel gas cannot be told from lung by their course; look at the mask, or bring one of your own.',
};

const NO_SPACING: ImageCheck = {
  code: 'spacing-unknown',
  message:
    'the voxels have no known size, so millimetres were taken for voxels when the lungs were looked for',
  hint: 'Give the volume its spacing, or bring a lung mask of your own.',
};

const NO_LUNG: ImageCheck = {
  code: 'no-lung',
  message: 'no lung was found',
  hint: 'Check that this is a chest CT in Hounsfield units and that its air lies near -1000 HU; or bring a lung mask.',
};

const LUNGS_CUT: ImageCheck = {
  code: 'lungs-cut',
  message: 'the lungs reach the side of the image',
  hint: 'The field of view cuts them: volumes and shares are of the part that is there.',
};

const LUNGS_JOINED: ImageCheck = {
  code: 'lungs-joined',
  message: 'the lungs touch and no narrow place between them was found: they were parted at the midline',
  hint: 'Figures of both lungs together are not affected; those of each lung are approximate.',
};

function oneLung(side: 'right' | 'left'): ImageCheck {
  return {
    code: 'one-lung',
    message: `only the ${side} lung was found`,
    hint: 'The other one may be consolidated, collapsed, operated or outside the image; shares are of what was found.',
  };
}
