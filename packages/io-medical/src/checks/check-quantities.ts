import type { Quantities } from '../quantify/quantify.js';
import type { ImageCheck } from './image-check.js';

/** Infection that the lungs do not hold: more than this is hardly the consolidation that a lung mask misses. */
const MOSTLY_OUTSIDE = 0.3;

/** Looks for signs that a mask, or the lungs it was measured in, are wrong. Empty where there are none. */
export function checkQuantities({ lungs, voxels }: Pick<Quantities, 'lungs' | 'voxels'>): ImageCheck[] {
  const share = lungs === undefined || voxels === 0 ? 0 : lungs.outsideMask.voxels / voxels;
  if (share <= MOSTLY_OUTSIDE) return [];
  return [
    {
      code: 'outside-lungs',
      message: `${Math.round(100 * share)} % of what is marked lies outside the lungs that were found`,
      hint: 'Either the lungs were found badly (consolidation is no air) or the model marks what is no lung: look at both.',
    },
  ];
}
