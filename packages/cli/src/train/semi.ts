import { selectBackend } from '@infnet/core-model';
import { cannyEdge } from '@infnet/io-medical';
import {
  semiSupervisedRecipes,
  trainSemiSupervised,
  type PropagationEvent,
  type SemiSupervisedEvent,
  type StageRecipes,
} from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { duration, figure } from '../progress/format.js';
import type { Reporter } from '../progress/reporter.js';
import { relay, relayWarning } from './relay.js';
import { resumable } from './resumable.js';
import { ensureFolder, IO, overridesOf, startModel, validationOf, type TrainingChoices } from './start.js';

/** Options of Algorithm 1 and what follows it; what is not given is the library's default. */
export interface SemiChoices {
  readonly groupSize?: number;
  readonly grouping?: 'random' | 'volume';
  readonly remainder?: 'keep' | 'drop';
  readonly labels?: 'soft' | 'binary';
  readonly stretch?: 'min-max' | 'none';
  readonly preTrainOn?: 'pseudo' | 'hybrid';
  readonly roundEpochs?: number;
  readonly preTrainEpochs?: number;
}

const SEMI_OPTIONS: Readonly<Record<keyof SemiChoices, string>> = {
  groupSize: '--group-size',
  grouping: '--grouping',
  remainder: '--remainder',
  labels: '--labels',
  stretch: '--stretch',
  preTrainOn: '--pre-train-on',
  roundEpochs: '--round-epochs',
  preTrainEpochs: '--pre-train-epochs',
};

/** @throws CliError `usage` for options of Algorithm 1 without unlabelled slices */
export function refuseSemiChoices(options: SemiChoices): void {
  for (const [name, flag] of Object.entries(SEMI_OPTIONS)) {
    if (options[name as keyof SemiChoices] === undefined) continue;
    throw new CliError(
      'usage',
      `${flag} needs --semi`,
      'name the folder of unlabelled slices with --semi, or leave it out',
    );
  }
}

interface SemiOptions extends TrainingChoices, SemiChoices {
  readonly output: string;
  readonly semi: string;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Pseudo labels' edges are the released code's, which has no other rule for them. */
export const PSEUDO_IO: typeof IO = { ...IO, edge: cannyEdge };

/** Trains a Semi-Inf-Net: supervised, pseudo labels, pre-training, fine-tuning, in one run folder. */
export async function trainSemi(
  data: string,
  options: SemiOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { reporter, signal } = context;
  await ensureFolder(options.semi, 'unlabelled slices, or Imgs/ with them');
  const recipes = recipesOf(options);
  reporter.emit({ event: 'backend', ...(await selectBackend(options.backend)) });
  const started = performance.now();
  const problems = { count: 0 };
  return resumable(options.output, context, async () => {
    const { supervised, fineTuned, pseudoLabels, modelPath } = await trainSemiSupervised({
      ...choicesOf(options),
      createModel: () => startModel(options),
      pretrained: options.init !== undefined,
      labelled: data,
      unlabelled: options.semi,
      validation: validationOf(options),
      io: PSEUDO_IO,
      recipes,
      seed: options.seed,
      runFolder: options.output,
      resume: options.resume === true,
      signal,
      onProgress: relayStages(reporter, recipes, problems),
    });
    const dice = [supervised, fineTuned].map(({ best }) => (best === null ? 'none' : figure(best.meanDice)));
    reporter.emit({
      event: 'note',
      message:
        `trained in ${duration((performance.now() - started) / 1000)}; best mean Dice in validation: ` +
        `${dice[0]} supervised, ${dice[1]} semi-supervised`,
    });
    reporter.emit({ event: 'written', what: 'pseudo labels', path: pseudoLabels.folder });
    reporter.emit({ event: 'written', what: 'model', path: modelPath });
    return outcomeOf({ done: 1, failed: problems.count });
  });
}

/** The recipe of every stage: the preset's, the command line's for all of them, and the epochs of single ones. */
export function recipesOf(options: TrainingChoices & SemiChoices): StageRecipes {
  const { epochs, ...everywhere } = overridesOf(options);
  const { roundEpochs, preTrainEpochs } = options;
  return semiSupervisedRecipes(options.preset, everywhere, {
    ...(epochs !== undefined && { supervised: { epochs }, 'fine-tune': { epochs } }),
    ...(roundEpochs !== undefined && { propagation: { epochs: roundEpochs } }),
    ...(preTrainEpochs !== undefined && { 'pre-train': { epochs: preTrainEpochs } }),
  });
}

/** The options that the library knows by the same names. */
export function choicesOf(options: SemiChoices): Omit<SemiChoices, 'roundEpochs' | 'preTrainEpochs'> {
  const { groupSize, grouping, remainder, labels, stretch, preTrainOn } = options;
  return {
    ...(groupSize !== undefined && { groupSize }),
    ...(grouping && { grouping }),
    ...(remainder && { remainder }),
    ...(labels && { labels }),
    ...(stretch && { stretch }),
    ...(preTrainOn && { preTrainOn }),
  };
}

function relayStages(
  reporter: Reporter,
  recipes: StageRecipes,
  problems: { count: number },
): (event: SemiSupervisedEvent) => void {
  const propagation = relayRounds(reporter, problems);
  const trainings = {
    supervised: relay(reporter, recipes.supervised, problems),
    'pre-train': relay(reporter, recipes['pre-train'], problems),
    'fine-tune': relay(reporter, recipes['fine-tune'], problems),
  };
  return (event) => {
    switch (event.type) {
      case 'stage': {
        const { stage, number, stages } = event;
        reporter.emit({ event: 'stage', stage, number, stages });
        break;
      }
      case 'stage-training': {
        trainings[event.stage](event.event);
        break;
      }
      case 'stage-propagation': {
        propagation(event.event);
        break;
      }
    }
  };
}

/** Turns propagation's events into the command's. */
export function relayRounds(
  reporter: Reporter,
  problems: { count: number },
): (event: PropagationEvent) => void {
  let rounds = 0;
  return (event) => {
    switch (event.type) {
      case 'propagation-start': {
        rounds = event.rounds;
        const resumed = event.round > 0 ? `; resumed after round ${event.round}` : '';
        const message = `labelling ${event.unlabelled} slices in ${rounds} rounds, from ${event.labelled} labelled ones${resumed}`;
        reporter.emit({ event: 'note', message });
        break;
      }
      case 'round-training': {
        if (event.event.type !== 'step') break;
        const subject = `round ${event.round}, step ${event.event.step}`;
        reporter.emit({
          event: 'progress',
          task: 'labelling',
          subject,
          done: event.round - 1,
          total: rounds,
        });
        break;
      }
      case 'round': {
        const { round, loss, left, secondsLeft } = event;
        reporter.emit({ event: 'round', round, rounds, loss, left, secondsLeft });
        break;
      }
      case 'warning': {
        relayWarning(reporter, event, problems);
        break;
      }
      default:
    }
  };
}
