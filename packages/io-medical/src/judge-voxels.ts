import { ImageFormatError } from './errors.js';
import type { ReadOptions } from './read-options.js';
import type { VoxelArray, VoxelUnit } from './volume.js';

/** What a look at all voxels gave. */
export interface Judgement {
  readonly unit: VoxelUnit;
  readonly warnings: readonly string[];
}

/**
 * Looks at every voxel of a file that does not say what its values mean: refuses or replaces what is no number, and tells
 * Hounsfield units from grey values.
 *
 * @param voxels changed in place where `replaceNonFinite` is given
 * @throws {ImageFormatError} `not-finite`
 */
export function judgeVoxels(
  source: string,
  voxels: VoxelArray,
  options: Pick<ReadOptions, 'unit' | 'replaceNonFinite'>,
): Judgement {
  const warnings: string[] = [];
  const isWhole = !(voxels instanceof Float32Array || voxels instanceof Float64Array);
  const range = isWhole
    ? wholeRange(voxels)
    : finiteRange(source, voxels, options.replaceNonFinite, warnings);
  return { unit: options.unit ?? judgeUnit(source, range, warnings), warnings };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whole numbers are always finite: this loop is all that stands between unpacking a volume and having it. */
function wholeRange(voxels: VoxelArray): Range {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function finiteRange(
  source: string,
  voxels: Float32Array | Float64Array,
  replacement: number | undefined,
  warnings: string[],
): Range {
  let min = Infinity;
  let max = -Infinity;
  let bad = 0;
  for (let i = 0; i < voxels.length; i++) {
    let value = voxels[i] ?? 0;
    if (!Number.isFinite(value)) {
      bad++;
      if (replacement === undefined) continue;
      value = replacement;
      voxels[i] = value;
    }
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (bad > 0 && replacement === undefined) {
    throw new ImageFormatError(
      'not-finite',
      `${source}: ${bad} of ${voxels.length} voxels are NaN or infinite`,
      'Repair the volume, or pass replaceNonFinite with the value that should stand for them (-1024 is air in HU).',
    );
  }
  if (bad > 0) warnings.push(`${source}: ${bad} NaN or infinite voxels were replaced by ${replacement}`);
  return { min, max };
}

/** CT values reach far below 0 (air is -1000 HU); a volume that does not is no Hounsfield image. */
function judgeUnit(source: string, { min, max }: Range, warnings: string[]): VoxelUnit {
  if (min === max) warnings.push(`${source}: every voxel has the value ${min}; there is nothing to see`);
  if (min <= -200) {
    if (min < -4096 || max > 32_767) {
      warnings.push(`${source}: values from ${min} to ${max} reach beyond the Hounsfield scale`);
    }
    return 'HU';
  }
  const eightBit = min >= 0 && max <= 255;
  warnings.push(
    `${source}: values from ${min} to ${max} are not Hounsfield units (no air far below 0); taken as grey values` +
      (eightBit ? ' of 8 bits' : ' and stretched to 0..255 from least to largest unless a window is given'),
  );
  return 'grey';
}
