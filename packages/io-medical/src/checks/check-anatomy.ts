import { axisStep, norm } from '../affine.js';
import { displayFrame } from '../display-frame.js';
import type { Volume } from '../volume.js';
import type { ImageCheck } from './image-check.js';

const BODY_HU = -200;
const BONE_HU = 300;
/** The spine draws the middle of all bone to the back; this far in front of the body's middle it cannot lie. */
const BONE_IN_FRONT_MM = -8;
/** Voxels of bone, as a share of the body, that a judgement takes. */
const LEAST_BONE = 0.003;

/** Whether front and back look exchanged: the spine is the bulk of a chest's bone and lies at the back. */
export function checkAnatomy(volume: Volume): ImageCheck[] {
  const { voxels, dims, unit, calibrated } = volume;
  if (unit !== 'HU' || !calibrated || dims.some((side) => side < 16)) return [];
  const { offset, width, height, slices, columnStride, rowStride, sliceStride, axes } = displayFrame(volume);
  const skip = slices > 32 ? 3 : 1;
  let [body, bone, bodySum, boneSum] = [0, 0, 0, 0];
  for (let z = 0; z < slices; z += skip) {
    for (let y = 0; y < height; y++) {
      const own = offset + y * rowStride + z * sliceStride;
      for (let x = 0; x < width; x += skip) {
        const value = voxels[own + x * columnStride] ?? 0;
        if (value <= BODY_HU) continue;
        body++;
        bodySum += y;
        if (value <= BONE_HU) continue;
        bone++;
        boneSum += y;
      }
    }
  }
  if (bone < LEAST_BONE * body || bone === 0) return [];
  const behind = (boneSum / bone - bodySum / body) * norm(axisStep(volume.affine, axes[1]));
  if (behind > BONE_IN_FRONT_MM) return [];
  return [
    {
      code: 'front-to-back',
      message: `the bones lie ${Math.round(-behind)} mm in front of the body's middle`,
      hint: 'Front and back seem exchanged: check the orientation in the header. (Much contrast medium looks so too.)',
    },
  ];
}
