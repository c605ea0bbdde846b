import { axisStep, norm } from '../affine.js';
import { displayFrame } from '../display-frame.js';
import type { Volume } from '../volume.js';
import { checkAnatomy } from './check-anatomy.js';
import type { ImageCheck } from './image-check.js';
import { checkValues } from './check-values.js';

/** Formats of single pictures, which know no place in a patient. */
const PICTURES: ReadonlySet<Volume['format']> = new Set(['png', 'jpeg', 'tiff']);
/** A CT slice is 512 pixels wide, seldom 1024; a radiograph is wider. */
const WIDEST_CT = 1024;
const IN_PLANE_MM = [0.15, 3] as const;
const THICKEST_MM = 12;
const FIELD_MM = [100, 700] as const;
const TILTED_DEGREES = 20;

/**
 * Looks for what commonly goes wrong before a CT reaches a program: not a CT, not in HU, windowed already, rescaled
 * wrongly, air that is not near -1000 HU, turned or mirrored, odd spacing. Finds signs, not proofs: nothing is refused.
 *
 * @returns what looks wrong, with what it may mean; empty where nothing does
 */
export function checkVolume(volume: Volume): ImageCheck[] {
  const { modality, unit, format } = volume;
  const isPicture = PICTURES.has(format);
  const checks: ImageCheck[] = [];
  if (modality !== undefined && modality !== 'CT') {
    checks.push({
      code: 'not-ct',
      message: `the file calls itself ${modality}, not CT`,
      hint: 'The network and the density thresholds are meant for CT; results on anything else are meaningless.',
    });
  } else if (!isPicture && unit !== 'HU') {
    checks.push({
      code: 'not-ct',
      message: 'the values are not Hounsfield units',
      hint: 'Export the CT with its rescale slope and intercept; no density can be measured, no lung be found as it is.',
    });
  }
  return [
    ...checks,
    ...checkValues(volume, isPicture),
    ...(isPicture ? picture(volume) : [...orientation(volume), ...checkAnatomy(volume), ...spacing(volume)]),
  ];
}

function picture({ dims: [width, height] }: Volume): ImageCheck[] {
  if (Math.max(width, height) <= WIDEST_CT) return [];
  return [
    {
      code: 'radiograph',
      message: `${width} x ${height} pixels are more than a CT slice has`,
      hint: 'Is it a radiograph (X-ray) or a screenshot? Give axial CT slices.',
    },
  ];
}

function orientation(volume: Volume): ImageCheck[] {
  const { dims, affine } = volume;
  if (dims.filter((side) => side > 1).length < 3) return [];
  const frame = displayFrame(volume);
  const along = axisStep(affine, frame.axes[2]);
  const tilt = (180 / Math.PI) * Math.acos(Math.min(1, Math.abs(along[2]) / norm(along)));
  const checks: ImageCheck[] = [];
  if (frame.axes[2] !== 2) {
    const plane = frame.axes[1] === 2 ? 'coronal' : 'sagittal';
    checks.push({
      code: 'not-axial',
      message: `the slices of the file are ${plane}; axial ones are cut from them`,
      hint: 'The network knows axial slices. Where the slices are thick, those cut from them are coarse.',
    });
  }
  if (tilt > TILTED_DEGREES) {
    checks.push({
      code: 'not-axial',
      message: `the slices are tilted by ${Math.round(tilt)} degrees against the axial plane`,
      hint: 'The network knows axial slices; expect worse results, or resample the volume.',
    });
  }
  return checks;
}

function spacing(volume: Volume): ImageCheck[] {
  const { dims, affine, calibrated, slicePositions } = volume;
  if (!calibrated) {
    return [
      {
        code: 'spacing-unknown',
        message: 'the file gives no voxel size',
        hint: 'No millilitre is measured; shares of voxels are right only where all voxels are equal.',
      },
    ];
  }
  const steps = [0, 1, 2].map((axis) => norm(axisStep(affine, axis)));
  const frame = displayFrame(volume);
  const inPlane = [steps[frame.axes[0]] ?? 0, steps[frame.axes[1]] ?? 0];
  const field = [inPlane[0] ?? 0, inPlane[1] ?? 0].map((step, i) => step * (dims[frame.axes[i] ?? 0] ?? 0));
  const shown = steps.map((step) => Number(step.toFixed(3))).join(' x ');
  const isOdd =
    inPlane.some((step) => step < IN_PLANE_MM[0] || step > IN_PLANE_MM[1]) ||
    (steps[frame.axes[2]] ?? 0) > THICKEST_MM;
  const checks: ImageCheck[] = [];
  if (isOdd || steps.every((step) => step === 1)) {
    checks.push({
      code: 'spacing-odd',
      message: `voxels of ${shown} mm are unusual for a chest CT`,
      hint: 'Programs write 1 x 1 x 1 mm where they know no size. Millilitres are as wrong as this is.',
    });
  }
  if (field.some((side) => side < FIELD_MM[0] || side > FIELD_MM[1])) {
    checks.push({
      code: 'field-of-view',
      message: `a slice covers ${field.map((side) => Math.round(side)).join(' x ')} mm`,
      hint: 'A chest is 250 to 500 mm wide: is the voxel size right, and is the whole chest in the image?',
    });
  }
  if (slicePositions !== undefined) {
    checks.push({
      code: 'slices-uneven',
      message: 'the slices do not lie evenly',
      hint: 'Slices are missing or doubled; volumes are made with the mean distance. Export the series again.',
    });
  }
  return checks;
}
