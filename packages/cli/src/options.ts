import { InvalidArgumentError } from 'commander';

/** commander parser of a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= least) return value;
    throw new InvalidArgumentError(`It has to be a whole number of at least ${least}.`);
  };
}

/** commander parser of a number strictly between `low` and `high`. */
export function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (value > low && value < high) return value;
    const range = high === Infinity ? `above ${low}` : `between ${low} and ${high}, both excluded`;
    throw new InvalidArgumentError(`It has to be a number ${range}.`);
  };
}

/** commander parser of a side length: a multiple of 32, which is the stride of the network. */
export function sideLength(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text.trim()) && value >= 32 && value % 32 === 0) return value;
  throw new InvalidArgumentError('It has to be a multiple of 32, such as 256 or 352.');
}

/** A grey window by name or as center and width in HU. */
export type WindowChoice = string | { readonly center: number; readonly width: number };

/** commander parser of `--window`: `lung`, or `-600,1500`. */
export function windowChoice(text: string): WindowChoice {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (parts.length === 1) return text;
  const [center = NaN, width = NaN] = parts;
  if (parts.length === 2 && Number.isFinite(center) && width > 0 && Number.isFinite(width)) {
    return { center, width };
  }
  throw new InvalidArgumentError(
    'It has to be a name such as lung, or CENTER,WIDTH in HU such as -600,1500.',
  );
}

/** commander parser of `--spacing`: three lengths in millimetres, such as `0.7,0.7,1`. */
export function spacingChoice(text: string): [number, number, number] {
  const steps = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [x = NaN, y = NaN, z = NaN] = steps;
  if (steps.length === 3 && steps.every((step) => step > 0 && Number.isFinite(step))) return [x, y, z];
  throw new InvalidArgumentError(
    'It has to be three millimetres above 0: COLUMNS,ROWS,SLICES such as 0.7,0.7,1.',
  );
}

/** commander parser of a share in 0..1, 0 included. */
export function share(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('It has to be a share of at least 0 and below 1.');
}

/** commander parser of `--rows`: `1,3-5`, rows of the seven in Table IV. */
export function rowNumbers(text: string): number[] {
  const parts = text.split(',').map((part) => /^\s*([1-7])(?:\s*-\s*([1-7]))?\s*$/.exec(part));
  const rows = parts.flatMap((match) => {
    if (!match) return [NaN];
    const [low, high] = [Number(match[1]), Number(match[2] ?? match[1])];
    return high < low ? [NaN] : Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
  if (!rows.some(Number.isNaN)) return [...new Set(rows)].toSorted((a, b) => a - b);
  throw new InvalidArgumentError('It has to be rows from 1 to 7, such as 7 or 1,3-5.');
}

/** What `--allow-uneven` does. */
export const ALLOW_UNEVEN = 'read DICOM series with missing slices too; the volumes are wrong in places';
