import { cannyEdge } from '@infnet/io-medical';
import { trainOneShot, trainSemiSupervised, type SupervisedResult } from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { duration, figure } from '../progress/format.js';
import { relayStages } from './relay-stages.js';
import { resumable } from './resumable.js';
import { choicesOf, oneShotRecipesOf, recipesOf, type SemiChoices } from './semi-choices.js';
import { ensureFolder, IO, startBackend, startModel, validationOf, type TrainingChoices } from './start.js';

interface SemiOptions extends TrainingChoices, SemiChoices {
  readonly output: string;
  readonly semi: string;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Pseudo labels' edges are the released code's, which has no other rule for them. */
export const PSEUDO_IO: typeof IO = { ...IO, edge: cannyEdge };

/** What every method gives in the end. */
interface SemiResult {
  readonly supervised: SupervisedResult;
  readonly semiSupervised: SupervisedResult;
  readonly pseudoLabels: string;
  readonly modelPath: string;
}

/** Trains a network on labelled and unlabelled slices, in the stages of a method, in one run folder. */
export async function trainSemi(
  data: string,
  options: SemiOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { reporter } = context;
  await ensureFolder(options.semi, 'unlabelled slices, or Imgs/ with them');
  const train = options.method === 'one-shot' ? byOneShot : byAlgorithm1;
  const { workers } = await startBackend(options, reporter);
  const started = performance.now();
  const problems = { count: 0 };
  return resumable(options.output, context, async () => {
    const { supervised, semiSupervised, pseudoLabels, modelPath } = await train(
      data,
      { ...options, workers },
      context,
      problems,
    );
    const dice = [supervised, semiSupervised].map(({ best }) =>
      best === null ? 'none' : figure(best.meanDice),
    );
    reporter.emit({
      event: 'note',
      message:
        `trained in ${duration((performance.now() - started) / 1000)}; best mean Dice in validation: ` +
        `${dice[0]} supervised, ${dice[1]} semi-supervised`,
    });
    reporter.emit({ event: 'written', what: 'pseudo labels', path: pseudoLabels });
    reporter.emit({ event: 'written', what: 'model', path: modelPath });
    return outcomeOf({ done: 1, failed: problems.count });
  });
}

type Method = (
  data: string,
  options: SemiOptions,
  context: CommandContext,
  problems: { count: number },
) => Promise<SemiResult>;

/** Supervised, pseudo labels by Algorithm 1, pre-training, fine-tuning. */
const byAlgorithm1: Method = async (data, options, { reporter, signal }, problems) => {
  const recipes = recipesOf(options);
  const { supervised, fineTuned, pseudoLabels, modelPath } = await trainSemiSupervised({
    ...stagedOptions(data, options),
    recipes,
    signal,
    onProgress: relayStages(reporter, recipes, problems),
  });
  return { supervised, semiSupervised: fineTuned, pseudoLabels: pseudoLabels.folder, modelPath };
};

/** Supervised, pseudo labels by that network, a new one on both. */
const byOneShot: Method = async (data, options, { reporter, signal }, problems) => {
  const recipes = oneShotRecipesOf(options);
  const { supervised, student, pseudoLabels, modelPath } = await trainOneShot({
    ...stagedOptions(data, options),
    recipes,
    signal,
    onProgress: relayStages(reporter, recipes, problems),
  });
  return { supervised, semiSupervised: student, pseudoLabels: pseudoLabels.folder, modelPath };
};

function stagedOptions(data: string, options: SemiOptions) {
  return {
    ...choicesOf(options),
    ...(options.workers !== undefined && { workers: options.workers }),
    createModel: () => startModel(options),
    pretrained: options.init !== undefined,
    labelled: data,
    unlabelled: options.semi,
    validation: validationOf(options),
    io: PSEUDO_IO,
    seed: options.seed,
    runFolder: options.output,
    resume: options.resume === true,
  };
}
