import { externalLungs, lungMask, readImage, type ImageCheck, type Volume } from '@infnet/io-medical';
import type { LungSource } from './lung-source.js';

/** The lungs of one volume, as figures take them. */
export interface FoundLungs {
  /** 1 right, 2 left; absent where none were found or looked for. */
  readonly sided?: { readonly labels: Uint8Array; readonly method: string };
  readonly lobes?: Uint8Array;
  readonly checks: readonly ImageCheck[];
}

/**
 * Finds the lungs of a volume by density, or takes them from the mask that was given for it.
 *
 * @param infection mask that counts as lung where lungs are found by density
 */
export async function findLungs(
  volume: Volume,
  source: LungSource,
  infection?: Uint8Array,
): Promise<FoundLungs> {
  if (source.kind === 'none') return { checks: [] };
  if (source.kind === 'file') {
    const { labels, lobes, method, checks } = externalLungs(await readImage(source.path), volume);
    return { sided: { labels, method }, ...(lobes !== undefined && { lobes }), checks };
  }
  // Pictures and volumes in grey have no density to find lungs by; the checks of the input say so.
  if (volume.unit !== 'HU') return { checks: [] };
  const { labels, method, checks } = lungMask(volume, infection === undefined ? {} : { infection });
  return checks.some(({ code }) => code === 'no-lung') ? { checks } : { sided: { labels, method }, checks };
}
