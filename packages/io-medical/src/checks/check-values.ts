import type { Volume } from '../volume.js';
import type { ImageCheck } from './image-check.js';

/** Voxels that are looked at, evenly spread. */
const SAMPLES = 500_000;
/** Air, outside and in the windpipe, lies here in every CT in HU. */
const AIR_HU = [-1060, -940] as const;
/** Thinner than anything but unmeasured voxels; denser than anything but metal on a scale of 16 bits. */
const THINNEST_HU = -1100;
const DENSEST_HU = 20_000;
/** Share of air that even a volume cropped to the lungs has, and of odd values that is worth telling. */
const LEAST_AIR = 0.0005;
const ODD_SHARE = 0.001;
/** Bright minus dark (95th and 5th percentile) of an 8-bit slice that shows something. */
const LEAST_CONTRAST = 25;
const FEW_VALUES = 4;

/** Sorted values of a part of the voxels. */
function sample({ voxels, padding = NaN }: Volume): Float64Array {
  const step = Math.max(1, Math.floor(voxels.length / SAMPLES));
  const values: number[] = [];
  for (let i = 0; i < voxels.length; i += step) {
    const value = voxels[i] ?? 0;
    if (value !== padding) values.push(value);
  }
  return Float64Array.from(values).toSorted();
}

/** What looks wrong with a volume's values. */
export function checkValues(volume: Volume, isPicture: boolean): ImageCheck[] {
  const sorted = sample(volume);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0), at(1)];
  if (low === high) return [flat(low)];
  if (isPicture) return pictureValues(volume, sorted, at);
  const isWhole = sorted.every(Number.isInteger);
  if (low >= -1 && high <= 1 && !isWhole) return [normalised(low, high)];
  if (low >= 0 && high <= 255) return [windowed(low, high)];
  if (low >= 0 && high > 1000) return [rescaleMissing(low, high)];
  return volume.unit === 'HU' ? hounsfield(sorted, high) : [];
}

function pictureValues(volume: Volume, sorted: Float64Array, at: (share: number) => number): ImageCheck[] {
  let distinct = 1;
  for (let i = 1; i < sorted.length && distinct <= FEW_VALUES; i++)
    if (sorted[i] !== sorted[i - 1]) distinct++;
  if (distinct <= FEW_VALUES) {
    return [
      {
        code: 'looks-like-mask',
        message: `the picture has only ${distinct} values`,
        hint: 'Is it a mask? Give the slice itself.',
      },
    ];
  }
  const contrast = (at(0.95) - at(0.05)) / (volume.voxels instanceof Uint8Array ? 1 : 257);
  if (contrast >= LEAST_CONTRAST) return [];
  return [
    {
      code: 'low-contrast',
      message: `bright and dark lie ${contrast.toFixed(0)} of 255 grey values apart`,
      hint: 'Export the slice again with a lung window (centre -600, width 1500 HU).',
    },
  ];
}

function hounsfield(sorted: Float64Array, high: number): ImageCheck[] {
  const share = (from: number, to: number): number =>
    (countUpTo(sorted, to) - countUpTo(sorted, from)) / sorted.length;
  const checks: ImageCheck[] = [];
  if (share(AIR_HU[0], AIR_HU[1]) < LEAST_AIR) {
    const thinnest = sorted[Math.floor(0.01 * sorted.length)] ?? 0;
    checks.push({
      code: 'air-off',
      message: `hardly any voxel lies near -1000 HU, where air is; the thinnest 1 % begin at ${Math.round(thinnest)}`,
      hint: 'Was the volume windowed, clipped or rescaled wrongly? If only soft tissue is in the image, this is no error.',
    });
  }
  const thin = countUpTo(sorted, THINNEST_HU) / sorted.length;
  if (thin > ODD_SHARE || high > DENSEST_HU) {
    checks.push({
      code: 'range-odd',
      message:
        thin > ODD_SHARE
          ? `${(100 * thin).toFixed(1)} % of the voxels lie below ${THINNEST_HU} HU`
          : `the densest voxel has ${Math.round(high)} HU`,
      hint: 'Values outside the scanner’s round field are harmless; anything else means a wrong slope or intercept.',
    });
  }
  return checks;
}

/** How many sorted values are at most `limit`. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function flat(value: number): ImageCheck {
  return { code: 'flat', message: `every voxel has the value ${value}`, hint: 'Export the image again.' };
}

function normalised(low: number, high: number): ImageCheck {
  return {
    code: 'normalised',
    message: `all values lie from ${low.toFixed(2)} to ${high.toFixed(2)}`,
    hint: 'They were normalised for some network; give the CT in Hounsfield units.',
  };
}

function windowed(low: number, high: number): ImageCheck {
  return {
    code: 'already-windowed',
    message: `all values lie from ${low} to ${high}`,
    hint: 'They seem to be grey values of a window, not HU: no density can be measured. Give the CT itself if you can.',
  };
}

function rescaleMissing(low: number, high: number): ImageCheck {
  return {
    code: 'rescale-missing',
    message: `no value is below ${low} and the greatest is ${high}`,
    hint: 'They seem to be stored values without the intercept (mostly -1024) that makes them Hounsfield units.',
  };
}
