import type { Quantities } from '@infnet/io-medical';
import { duration } from '../progress/format.js';
import type { AreaCurve, Card } from '../report/page-data.js';

/** What was found, in one line: `23.4 ml in 17 of 40 slices`, `12.3 % of the image`, `no infection marked`. */
export function findingLine({ voxels, volumeMl, shareOfImage, slices }: Quantities): string {
  if (voxels === 0) return 'no infection marked';
  const where = slices.length > 1 ? ` in ${affected(slices)} of ${slices.length} slices` : '';
  return volumeMl === undefined
    ? `${percent(shareOfImage)} of the image${where}`
    : `${millilitres(volumeMl)}${where}`;
}

/** The cards of the report: amount, extent, time. */
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
  if (slices.length === 1) return [amount, time];
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
  return [amount, affectedSlices, largest, time];
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

/** Millilitres with three digits that count. */
function millilitres(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} l`;
  return `${value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3)} ml`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 0.1 ? '< 0.1' : value.toFixed(1)} %`;
}

function affected(slices: Quantities['slices']): number {
  return slices.filter(({ voxels }) => voxels > 0).length;
}
