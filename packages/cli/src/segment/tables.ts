import type { AffectedRegion, Quantities, RegionSize } from '@infnet/io-medical';
import { hounsfield, percent, volumeText } from '../progress/quantities.js';
import type { PageTable, PageZone } from '../report/page-data.js';

/** Lesions that the page lists; report.json has more. */
const SHOWN_LESIONS = 10;

/** The zones for the page's picture of the lungs. */
export function zonesOf({ lungs }: Quantities): PageZone[] | null {
  return (
    lungs?.zones?.map(({ side, level, affectedShare, score }) => ({
      side,
      level,
      share: affectedShare,
      score,
    })) ?? null
  );
}

/** The figures of a case beyond its cards. */
export function tablesOf(quantities: Quantities): PageTable[] {
  return [
    ...lungTable(quantities),
    ...lobeTable(quantities),
    ...tissueTable(quantities),
    ...lesionTable(quantities),
  ];
}

function regionRow(name: string, region: AffectedRegion, score?: number): string[] {
  return [
    name,
    volumeText(region),
    volumeText(region.affected),
    percent(region.affectedShare),
    ...(score === undefined ? [] : [String(score)]),
  ];
}

function lungTable({ lungs }: Quantities): PageTable[] {
  if (lungs === undefined) return [];
  const rows = [regionRow('Both lungs', lungs)];
  if (lungs.right) rows.push(regionRow('Right lung', lungs.right));
  if (lungs.left) rows.push(regionRow('Left lung', lungs.left));
  return [{ title: 'Lungs', columns: ['', 'Size', 'Infected', 'Share'], rows, method: lungs.method }];
}

function lobeTable({ lobes }: Quantities): PageTable[] {
  if (lobes === undefined) return [];
  const rows = lobes.lobes.map((lobe) => regionRow(lobe.name, lobe, lobe.score));
  return [
    {
      title: `Lobes: CT severity score ${lobes.severityScore} of 25`,
      columns: ['', 'Size', 'Infected', 'Share', 'Score'],
      rows,
      method: lobes.method,
    },
  ];
}

function tissueTable({ tissue, voxels, meanHu }: Quantities): PageTable[] {
  if (tissue === undefined || voxels === 0) return [];
  const row = (name: string, part: RegionSize): string[] => [
    name,
    volumeText(part),
    percent(part.voxels / voxels),
  ];
  const rows = [row('Ground glass', tissue.groundGlass), row('Consolidation', tissue.consolidation)];
  if (tissue.aerated) rows.push(row('As thin as healthy lung', tissue.aerated));
  if (tissue.denser) rows.push(row('Denser than either', tissue.denser));
  const mean = meanHu === undefined ? '' : `; mean density ${hounsfield(meanHu)}`;
  return [
    {
      title: 'Kinds of infection',
      columns: ['', 'Size', 'Of the infection'],
      rows,
      method: `${tissue.method}${mean}`,
    },
  ];
}

function lesionTable({ lesions, lungs }: Quantities): PageTable[] {
  if (lesions.count === 0) return [];
  const shown = lesions.largest.slice(0, SHOWN_LESIONS);
  const rows = shown.map((lesion, i) => [
    String(i + 1),
    volumeText(lesion),
    lesion.meanHu === undefined ? '' : hounsfield(lesion.meanHu),
    lesion.side ?? (lungs?.right === undefined ? '' : 'outside'),
    lesion.centroidMm?.map((value) => value.toFixed(0)).join(', ') ?? '',
  ]);
  const rest = lesions.count > shown.length ? `, the largest ${shown.length} of ${lesions.count}` : '';
  return [
    {
      title: `Lesions${rest}`,
      columns: ['', 'Size', 'Mean density', 'Lung', 'R, A, S in mm'],
      rows,
      method: lesions.method,
    },
  ];
}
