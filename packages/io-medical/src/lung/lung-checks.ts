import type { ImageCheck } from '../checks/image-check.js';
import type { AssignedSides } from './assign-sides.js';
import type { DisplayGrid } from './display-grid.js';

/** A lung smaller than this share of the other one is as good as missing. */
const ONE_LUNG = 0.05;

/** What looks wrong with a lung mask in display order. */
export function lungChecks(
  labels: Uint8Array,
  grid: DisplayGrid,
  {
    voxels: { right, left },
    joined,
    calibrated,
  }: {
    readonly voxels: { readonly right: number; readonly left: number };
    readonly joined: AssignedSides['joined'];
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
