import { quantify, type Quantities, type Volume } from '@infnet/io-medical';
import { millilitres, percent, volumeText } from '../progress/quantities.js';
import type { Card, PageTable } from '../report/page-data.js';
import type { CaseLungs } from './lungs-of.js';
import { legend } from './labeller.js';
import type { VolumeLabeller } from './volume-labeller.js';

/** What was found of one class. */
export interface ClassResult {
  /** Its value in the label map. */
  readonly label: number;
  readonly name: string;
  readonly quantities: Quantities;
}

/** Measures every class of a labelled volume as a mask of its own. */
export function classResults(
  { labels, labeller }: VolumeLabeller,
  volume: Volume,
  { sided, lobes }: CaseLungs,
): ClassResult[] {
  return labeller.about.classes.map((name, index) => {
    const label = index + 1;
    const mask = labels.map((value) => (value === label ? 1 : 0));
    const quantities = quantify(mask, volume, {
      ...(sided !== undefined && { lungs: sided }),
      ...(lobes !== undefined && { lobes }),
    });
    return { label, name, quantities };
  });
}

/** For the line of a case: ` (ground-glass 20.1 ml, consolidation 4.2 ml)`. */
export function classFinding(classes: readonly ClassResult[]): string {
  return ` (${classes.map(({ name, quantities }) => `${name} ${amountOf(quantities)}`).join(', ')})`;
}

/** Millilitres, or the share of the image where voxels have no known size. */
function amountOf({ volumeMl, shareOfImage }: Quantities): string {
  return volumeMl === undefined ? percent(shareOfImage) : millilitres(volumeMl);
}

/** A card for each class. */
export function classCards(classes: readonly ClassResult[]): Card[] {
  return classes.map(({ name, quantities }) => ({
    label: capitalised(name),
    value: amountOf(quantities),
    note: quantities.lungs
      ? `${percent(quantities.lungs.affectedShare)} of the lungs`
      : `${percent(quantities.shareOfImage)} of the image`,
  }));
}

/** The classes beside each other. */
export function classTable(classes: readonly ClassResult[], { labeller }: VolumeLabeller): PageTable {
  const { name, sha256, size, prior } = labeller.about;
  const marked = classes.reduce((sum, { quantities }) => sum + quantities.voxels, 0);
  const rows = classes.map(({ label, name: title, quantities }) => [
    `${label} ${title}`,
    volumeText(quantities),
    marked === 0 ? '' : percent(quantities.voxels / marked),
    quantities.lungs ? percent(quantities.lungs.affectedShare) : '',
    String(quantities.slices.filter(({ voxels }) => voxels > 0).length),
    String(quantities.lesions.count),
  ]);
  return {
    title: 'Classes',
    columns: ['', 'Size', 'Of all classes', 'Of the lungs', 'Slices', 'Pieces'],
    rows,
    method:
      `most probable class of every voxel by ${name} (sha256 ${sha256.slice(0, 12)}) at ${size} × ${size} pixels` +
      `${prior === null ? '' : ', guided by the infection map'}; independent of the threshold, so the classes and the ` +
      `infection above need not add up; labels: ${legend(labeller.about)}`,
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
