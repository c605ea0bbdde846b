import { CURVE_NAMES, type CurveName } from './curves.js';

/** Names of the four ways to make one number of a curve: `meanDice`, `maxDice`, `adaptiveDice`, `diceAtHalf`. */
export type CurveScoreName = `${'mean' | 'max' | 'adaptive'}${Capitalize<CurveName>}` | `${CurveName}AtHalf`;

/** Name of a number of a map. No name is a bare measure, because "Dice" alone does not say of what. */
export type ScoreName =
  | CurveScoreName
  | 'structureMeasure'
  | 'meanAbsoluteError'
  | 'brierScore'
  | 'expectedCalibrationError'
  | 'weightedF';

/** One value per score; `weightedF` only where it was asked for. */
export type ScoreTable<T> = Readonly<Record<Exclude<ScoreName, 'weightedF'>, T> & { weightedF?: T }>;

/** All numbers of one map. */
export type Scores = ScoreTable<number>;

/** The four score names of a measure. */
export function scoreNamesOf<N extends CurveName>(
  name: N,
): readonly [`mean${Capitalize<N>}`, `max${Capitalize<N>}`, `adaptive${Capitalize<N>}`, `${N}AtHalf`] {
  const capital = (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<N>;
  return [`mean${capital}`, `max${capital}`, `adaptive${capital}`, `${name}AtHalf`];
}

/** Every score name, in the order of a table; `weightedF`, the optional one, comes last. */
export const SCORE_NAMES: readonly ScoreName[] = [
  ...CURVE_NAMES.flatMap((name) => scoreNamesOf(name)),
  'structureMeasure',
  'meanAbsoluteError',
  'brierScore',
  'expectedCalibrationError',
  'weightedF',
];
