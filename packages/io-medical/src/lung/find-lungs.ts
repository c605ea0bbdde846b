import type { ImageCheck } from '../checks/image-check.js';
import type { Volume } from '../volume.js';
import { lungMask, type LungMaskOptions } from './lung-mask.js';

/** Lungs as `quantify` takes them. */
export interface FoundLungs {
  /** 1 right, 2 left, and how they were found; absent where there are none. */
  readonly sided?: { readonly labels: Uint8Array; readonly method: string };
  /** What looks wrong with them. */
  readonly checks: readonly ImageCheck[];
}

/**
 * The lungs of any volume, as far as density tells: {@link lungMask} for volumes in HU in which it finds some, else none.
 * Pictures and volumes in grey have no density to find lungs by, which the checks of the volume say.
 */
export function findLungs(volume: Volume, options: LungMaskOptions = {}): FoundLungs {
  if (volume.unit !== 'HU') return { checks: [] };
  const { labels, method, checks } = lungMask(volume, options);
  return checks.some(({ code }) => code === 'no-lung') ? { checks } : { sided: { labels, method }, checks };
}
