import { overlap, type ValidationScores } from '../validation.js';

/**
 * How well a gate tells slices. The Dice values are those of the set of slices called infected and the set of those that are
 * (at probability 0.5 that is the F1 score), `falseArea` the share of healthy slices called infected.
 */
export interface GateScores extends ValidationScores {
  /** Infected slices that are called so, of all infected ones; 0.5 is the threshold. */
  readonly sensitivity: number;
  /** Healthy slices that are called so, of all healthy ones; null where there is none. */
  readonly specificity: number | null;
  /** Share of pairs of an infected and a healthy slice that are in the right order; null where there is no pair. */
  readonly auc: number | null;
}

/**
 * @param probabilities that a slice shows infection
 * @param infected whether it does
 */
export function gateScores(probabilities: Float32Array, infected: readonly boolean[]): GateScores {
  const of = (kind: boolean): number[] => [...probabilities].filter((_, i) => infected[i] === kind);
  const [ill, healthy] = [of(true), of(false)];
  const called = (kind: readonly number[]): number =>
    kind.filter((p) => p >= 0.5).length / Math.max(1, kind.length);
  const { meanDice, dice, softDice } = overlap(
    probabilities,
    Uint8Array.from(infected, (is) => (is ? 255 : 0)),
  );
  return {
    meanDice,
    dice,
    softDice,
    slices: ill.length,
    falseArea: healthy.length === 0 ? null : called(healthy),
    sensitivity: called(ill),
    specificity: healthy.length === 0 ? null : 1 - called(healthy),
    auc: ill.length === 0 || healthy.length === 0 ? null : rankShare(ill, healthy),
  };
}

function rankShare(higher: readonly number[], lower: readonly number[]): number {
  let right = 0;
  for (const high of higher) for (const low of lower) right += high > low ? 1 : high === low ? 0.5 : 0;
  return right / (higher.length * lower.length);
}
