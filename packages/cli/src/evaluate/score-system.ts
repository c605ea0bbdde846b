import { DatasetEvaluator, type DatasetSummary, type ProtocolName } from '@infnet/metrics';
import { CliError, describeFailure } from '../errors.js';
import type { CaseFailure, Pair, Pairing } from './pairs.js';
import { readMap } from './read-map.js';
import type { System } from './systems.js';

const WITHOUT_FOREGROUND =
  'the mask has no foreground: Dice and sensitivity are not defined for it, see the protocol';

/** What one system scored. */
export interface SystemResult extends System {
  readonly summary: DatasetSummary;
  readonly failures: readonly CaseFailure[];
}

/** How a system is scored. */
export interface ScoreOptions {
  readonly protocol: ProtocolName;
  readonly signal: AbortSignal;
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
  const evaluator = new DatasetEvaluator({ protocol: options.protocol });
  const failures: CaseFailure[] = [];
  const fail = (failure: CaseFailure): void => {
    failures.push(failure);
    options.onFailure?.(failure);
  };
  pairing.failures.forEach(fail);
  for (const [index, pair] of pairing.pairs.entries()) {
    options.signal.throwIfAborted();
    options.onCase?.(pair, index, pairing.pairs.length);
    try {
      for (const warning of await scorePair(evaluator, pair)) {
        options.onWarning?.(pair.groundTruth, `${pair.groundTruth}: ${warning}`);
      }
    } catch (error) {
      fail({ input: pair.prediction, ...named(error, pair) });
    }
  }
  return { ...system, summary: evaluator.summary(), failures };
}

async function scorePair(evaluator: DatasetEvaluator, pair: Pair): Promise<readonly string[]> {
  const prediction = await readMap(pair.prediction);
  const truth = await readMap(pair.groundTruth);
  const { width, height } = truth;
  if (prediction.width !== width || prediction.height !== height) {
    throw new CliError(
      'size-mismatch',
      `${pair.prediction} is ${prediction.width} x ${prediction.height}, but ${pair.groundTruth} is ${width} x ${height}`,
      'predictions need the size of their image: resize the probability map, never the mask (`infnet segment` does)',
    );
  }
  const { warnings, foreground } = evaluator.add(pair.id, prediction.data, truth.data, { width, height });
  return foreground > 0 ? warnings : [...warnings, WITHOUT_FOREGROUND];
}

/** Errors of the metrics know arrays, not files. */
function named(error: unknown, pair: Pair): ReturnType<typeof describeFailure> {
  const failure = describeFailure(error);
  const isNamed = failure.message.includes(pair.prediction) || failure.message.includes(pair.groundTruth);
  return isNamed
    ? failure
    : { ...failure, message: `${pair.prediction} with ${pair.groundTruth}: ${failure.message}` };
}
