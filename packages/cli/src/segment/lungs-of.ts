import { externalLungs, findLungs, type FoundLungs, readImage, type Volume } from '@infnet/io-medical';
import type { LungSource } from './lung-source.js';

/** The lungs of one volume, as figures take them; lobes where a mask that was given tells them. */
export interface CaseLungs extends FoundLungs {
  readonly lobes?: Uint8Array;
}

/**
 * Finds the lungs of a volume by density, or takes them from the mask that was given for it.
 *
 * @param infection mask that counts as lung where lungs are found by density
 */
export async function lungsOf(
  volume: Volume,
  source: LungSource,
  infection?: Uint8Array,
): Promise<CaseLungs> {
  if (source.kind === 'none') return { checks: [] };
  if (source.kind === 'file') {
    const { labels, lobes, method, checks } = externalLungs(await readImage(source.path), volume);
    return { sided: { labels, method }, ...(lobes !== undefined && { lobes }), checks };
  }
  return findLungs(volume, infection === undefined ? {} : { infection });
}
