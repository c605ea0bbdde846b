import { readFileSync } from 'node:fs';
import { gunzipSync, inflateSync } from 'node:zlib';

/** Numbers of a golden file; NaN and Infinity are strings there. */
export type GoldenNumber = number | 'NaN' | 'Infinity' | '-Infinity';
export type GoldenNumbers = Readonly<Record<string, GoldenNumber>>;
export type GoldenCurves = Readonly<Record<string, readonly GoldenNumber[]>>;

export interface GoldenSweep {
  readonly tp: readonly number[];
  readonly predicted: readonly number[];
  readonly curves: GoldenCurves;
  readonly mean: GoldenNumbers;
  readonly max: GoldenNumbers;
}

/** One image of cases.json: inputs and what the reference gave. */
export interface GoldenCase {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly predType: 'uint8' | 'float32';
  readonly pred: string;
  readonly gt: string;
  readonly gtPixels: number;
  readonly expected: {
    readonly sMeasure: GoldenNumber;
    readonly sObject?: GoldenNumber;
    readonly sRegion?: GoldenNumber;
    readonly parts?: {
      readonly centroidXY1: readonly number[];
      readonly quadrantWeights: readonly number[];
      readonly quadrantSsim: readonly GoldenNumber[];
      readonly objectFg: number;
      readonly objectBg: number;
    };
    readonly mae: number;
    readonly weightedF:
      { readonly columnFirst: number; readonly octave: number } | { readonly error: string };
    readonly sweep: { readonly matlab: GoldenSweep; readonly exact: GoldenSweep };
    readonly adaptive: GoldenNumbers;
    readonly fixedHalfNormalised: GoldenNumbers;
    readonly fixedHalfRaw: GoldenNumbers;
  };
}

/** A golden file of this package's tests, parsed. */
export function readGolden(name: string): unknown {
  const file = new URL(`../golden/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

/** base64(zlib(bytes)) to bytes. */
export function inflate(text: string): Uint8Array {
  return new Uint8Array(inflateSync(Buffer.from(text, 'base64')));
}

/** Prediction of a case in its own type. */
export function predictionOf({ pred, predType }: GoldenCase): Uint8Array | Float32Array {
  const bytes = inflate(pred);
  return predType === 'uint8' ? bytes : new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

/**
 * Largest difference between two lists; NaN must meet NaN. `relative` divides by the size of the expected value where
 * that is above 1.
 */
export function distance(
  actual: ArrayLike<number>,
  expected: readonly GoldenNumber[],
  relative = false,
): number {
  if (actual.length !== expected.length) return Infinity;
  return expected.reduce<number>((worst, wanted, i) => {
    const target = Number(wanted);
    const value = actual[i]!;
    if (Number.isNaN(target) || Number.isNaN(value))
      return Number.isNaN(target) === Number.isNaN(value) ? worst : Infinity;
    const gap =
      target === value ? 0 : Math.abs(value - target) / (relative ? Math.max(1, Math.abs(target)) : 1);
    return Math.max(worst, gap);
  }, 0);
}

/** The entries above the tolerance: `{}` when all is well, else the names and sizes of what is off. */
export function beyond(
  tolerance: number,
  distances: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(distances).filter(([, gap]) => !(gap <= tolerance)));
}
