import type { RegionSize } from '@infnet/io-medical';

/** Millilitres with three digits that count. */
export function millilitres(value: number): string {
  if (value === 0) return '0 ml';
  if (value >= 1000) return `${(value / 1000).toFixed(2)} l`;
  return `${value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3)} ml`;
}

/** A share in 0..1 as per cent. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 0.1 ? '< 0.1' : value.toFixed(1)} %`;
}

/** Millilitres, or voxels where their size is not known. */
export function volumeText({ voxels, volumeMl }: RegionSize): string {
  return volumeMl === undefined ? `${voxels.toLocaleString('en')} voxels` : millilitres(volumeMl);
}

/** A density. */
export function hounsfield(value: number): string {
  return `${Math.round(value).toLocaleString('en').replace('-', '−')} HU`;
}
