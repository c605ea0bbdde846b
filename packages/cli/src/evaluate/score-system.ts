import {
  countMasks,
  MeasureTable,
  type EmptyPolicy,
  type MeasureSummary,
  type ProtocolName,
} from '@infnet/metrics';
import type { ClusterOf } from '@infnet/metrics/stats';
import { describeFailure } from '../errors.js';
import { CaseScorer, type Scored } from './case-scorer.js';
import { LABEL_MEASURES, labelMeasures, type LabelMeasure } from './label-measures.js';
import type { LabelClass } from './labels.js';
import type { CaseFailure, Pair, Pairing } from './pairs.js';
import { checkSameGrid, readLabels, readMap, type ReadMap } from './read-map.js';
import type { System } from './systems.js';

const WITHOUT_FOREGROUND =
  'the mask has no foreground: Dice and sensitivity are not defined for it, see the protocol';

/** What one system scored: once, or once per class of a label map. */
export interface SystemResult extends System {
  /** One entry, or one per class, in the order of `--labels`. */
  readonly parts: readonly ScoredPart[];
  /** Averages over classes, case by case; no case where there are no classes. */
  readonly overClasses: MeasureSummary<LabelMeasure>;
  readonly pairs: readonly Pair[];
  readonly failures: readonly CaseFailure[];
  /** Whether a case was a volume of several slices. */
  readonly hasVolumes: boolean;
}

/** Scores of a class, or of all foreground where there are no classes. */
export interface ScoredPart extends Scored {
  readonly label: LabelClass | undefined;
}

/** How a system is scored. */
export interface ScoreOptions {
  readonly protocol: ProtocolName;
  /** What 0 / 0 is. Default: the protocol's own. */
  readonly empty?: EmptyPolicy | undefined;
  readonly signal: AbortSignal;
  readonly clusterOf?: ClusterOf | undefined;
  /** Maps are labels, measured class by class. */
  readonly labels?: readonly LabelClass[] | undefined;
  /** Surfaces and lesions of plain images too. */
  readonly masks?: boolean | undefined;
  readonly onCase?: (pair: Pair, done: number, total: number) => void;
  readonly onFailure?: (failure: CaseFailure) => void;
  readonly onWarning?: (input: string, message: string) => void;
}

/** Scores every pair; a case that cannot be read or compared is named and left out. */
export async function scoreSystem(
  system: System,
  pairing: Pairing,
  options: ScoreOptions,
): Promise<SystemResult> {
  const { protocol, clusterOf, labels, masks, empty } = options;
  const scorers = (labels ?? [undefined]).map((label) => ({
    label,
    scorer: new CaseScorer({
      protocol,
      clusterOf,
      masks,
      empty,
      // Class masks are 0 and 1 on both sides.
      ...(label ? { metrics: { predictionMaximum: 1 } } : {}),
    }),
  }));
  const overClasses = new MeasureTable(LABEL_MEASURES);
  const failures: CaseFailure[] = [];
  const pairs: Pair[] = [];
  let hasVolumes = false;
  const fail = (failure: CaseFailure): void => {
    failures.push(failure);
    options.onFailure?.(failure);
  };
  pairing.failures.forEach(fail);
  for (const [index, pair] of pairing.pairs.entries()) {
    options.signal.throwIfAborted();
    options.onCase?.(pair, index, pairing.pairs.length);
    try {
      clusterOf?.(pair.id); // a case without a patient fails before it is measured
      const { prediction, truth } = labels ? await readLabelPair(pair) : await readPair(pair);
      for (const { label, scorer } of scorers) {
        const [map, mask] = label
          ? [classMask(prediction, label), classMask(truth, label)]
          : [prediction, truth];
        const { warnings, isInfected } = scorer.add(pair.id, map, mask);
        const odd = isInfected || label ? warnings : [...warnings, WITHOUT_FOREGROUND];
        for (const warning of odd) options.onWarning?.(pair.groundTruth, `${pair.groundTruth}: ${warning}`);
      }
      if (labels) overClasses.add(pair.id, labelMeasures(prediction, truth, labels, empty));
      pairs.push(pair);
      hasVolumes ||= truth.depth > 1;
    } catch (error) {
      fail({ input: pair.prediction, ...named(error, pair) });
    }
  }
  return {
    ...system,
    parts: scorers.map(({ label, scorer }) => ({ label, ...scorer.summary() })),
    overClasses: overClasses.summary(),
    pairs,
    failures,
    hasVolumes,
  };
}

/**
 * Reads a map and its mask.
 *
 * @throws CliError `size-mismatch`, `geometry-mismatch`, and whatever reading throws
 */
export async function readPair(pair: Pair): Promise<{ prediction: ReadMap; truth: ReadMap }> {
  const prediction = await readMap(pair.prediction);
  const truth = await readMap(pair.groundTruth);
  checkSameGrid(prediction, truth);
  return { prediction, truth: truth.depth === 1 ? truth : asBinary(truth) };
}

/**
 * As {@link readPair}, for maps of labels.
 *
 * @throws CliError `size-mismatch`, `geometry-mismatch`, and whatever reading throws
 */
export async function readLabelPair(pair: Pair): Promise<{ prediction: ReadMap; truth: ReadMap }> {
  const prediction = await readLabels(pair.prediction);
  const truth = await readLabels(pair.groundTruth);
  checkSameGrid(prediction, truth);
  return { prediction, truth };
}

/** 0 and 1: where the map has this label. */
export function classMask(map: ReadMap, { label }: LabelClass): ReadMap & { readonly data: Uint8Array } {
  return { ...map, data: Uint8Array.from(map.data, (value) => (value === label ? 1 : 0)) };
}

/** Whether a volume's mask is 0 and 1 or grey is decided once for all slices: one may hold too little to tell. */
function asBinary(truth: ReadMap): ReadMap {
  countMasks(truth.data, truth.data); // refuses what is neither, such as labels
  const { data } = truth;
  const half = data instanceof Uint8Array ? 128 : data instanceof Uint16Array ? 128 * 257 : 0.5;
  return { ...truth, data: Uint8Array.from(data, (value) => (value > half ? 1 : 0)) };
}

/** Errors of the metrics know arrays, not files. */
function named(error: unknown, pair: Pair): ReturnType<typeof describeFailure> {
  const failure = describeFailure(error);
  const isNamed = failure.message.includes(pair.prediction) || failure.message.includes(pair.groundTruth);
  return isNamed
    ? failure
    : { ...failure, message: `${pair.prediction} with ${pair.groundTruth}: ${failure.message}` };
}
