import type { Quantities } from '@infnet/io-medical';
import { duration } from '../progress/format.js';
import { millilitres, percent } from '../progress/quantities.js';
import type { AreaCurve, Card } from '../report/page-data.js';

/** What was found, in one line: `23.4 ml, 0.8 % of the lungs in 17 of 40 slices`, `12.3 % of the image`, `no infection marked`. */
export function findingLine({ voxels, volumeMl, shareOfImage, slices, lungs }: Quantities): string {
  if (voxels === 0) return 'no infection marked';
  const where = slices.length > 1 ? ` in ${affected(slices)} of ${slices.length} slices` : '';
  if (lungs !== undefined && volumeMl !== undefined) {
    return `${millilitres(volumeMl)}, ${percent(lungs.affectedShare)} of the lungs${where}`;
  }
  return volumeMl === undefined
    ? `${percent(shareOfImage)} of the image${where}`
    : `${millilitres(volumeMl)}${where}`;
}

/** The cards of the report: amount, share of the lungs, extent, time. */
export function cardsOf(quantities: Quantities, seconds: number, backend: string): Card[] {
  const { voxels, volumeMl, shareOfImage, slices } = quantities;
  const count = `${voxels.toLocaleString('en')} ${slices.length > 1 ? 'voxels' : 'pixels'}`;
  const time: Card = {
    label: 'Time',
    value: duration(seconds),
    note: `${duration(seconds / slices.length)} a slice on ${backend}`,
  };
  const amount: Card =
    volumeMl === undefined
      ? {
          label: 'Infected share',
          value: percent(shareOfImage),
          note: `of the image, ${count}`,
          emphasis: true,
        }
      : {
          label: 'Infected volume',
          value: millilitres(volumeMl),
          note: `${percent(shareOfImage)} of the image, ${count}`,
          emphasis: true,
        };
  const inLungs = lungCards(quantities);
  if (slices.length === 1) return [amount, ...inLungs, time];
  const { areas, unit } = curveOf(quantities);
  const most = areas.indexOf(Math.max(...areas));
  const affectedSlices: Card = {
    label: 'Slices affected',
    value: `${affected(slices)} of ${slices.length}`,
    note: percent(affected(slices) / slices.length),
  };
  const largest: Card = {
    label: 'Largest area',
    value:
      areas[most] === 0
        ? 'none'
        : unit === 'mm²'
          ? `${Math.round(areas[most]!).toLocaleString('en')} mm²`
          : `${areas[most]!.toFixed(1)} %`,
    note:
      areas[most] === 0 ? 'nothing marked' : `in slice ${most + 1}${unit === 'mm²' ? '' : ', of the slice'}`,
  };
  return [amount, ...inLungs, affectedSlices, largest, time];
}

/** Share of the lungs, and of each. */
function lungCards({ lungs }: Quantities): Card[] {
  if (lungs === undefined) return [];
  const { right, left } = lungs;
  const size = lungs.volumeMl === undefined ? '' : `of ${millilitres(lungs.volumeMl)}`;
  const cards: Card[] = [{ label: 'Share of the lungs', value: percent(lungs.affectedShare), note: size }];
  if (right && left) {
    cards.push({
      label: 'Right | left lung',
      value: `${percent(right.affectedShare).replace(' %', '')} | ${percent(left.affectedShare)}`,
      note: 'the patient’s own sides',
    });
  }
  return cards;
}

/** Infected area of every slice: in mm² where voxels have a size, else as a share. */
export function curveOf({ slices, voxels, shareOfImage }: Quantities): AreaCurve {
  if (slices.every(({ areaMm2 }) => areaMm2 !== undefined)) {
    return { unit: 'mm²', areas: slices.map(({ areaMm2 }) => areaMm2!) };
  }
  // Each slice holds the same number of voxels, which share and count of the whole give.
  const perSlice = shareOfImage > 0 ? voxels / shareOfImage / slices.length : 1;
  return { unit: '% of the image', areas: slices.map((slice) => (100 * slice.voxels) / perSlice) };
}

function affected(slices: Quantities['slices']): number {
  return slices.filter(({ voxels }) => voxels > 0).length;
}
