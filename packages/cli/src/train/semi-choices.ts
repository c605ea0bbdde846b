import {
  oneShotRecipes,
  semiSupervisedRecipes,
  type MeanTeacherOptions,
  type OneShotRecipes,
  type SemiMethod,
  type StageRecipes,
} from '@infnet/semi-supervised';
import { CliError } from '../errors.js';
import { overridesOf, type TrainingChoices } from './start.js';

/** Options of learning from unlabelled slices; what is not given is the library's default. */
export interface SemiChoices {
  readonly method?: SemiMethod;
  readonly groupSize?: number;
  readonly grouping?: 'random' | 'volume';
  readonly remainder?: 'keep' | 'drop';
  readonly labels?: 'soft' | 'binary';
  readonly stretch?: 'min-max' | 'none';
  readonly pseudoWeights?: 'uniform' | 'certainty';
  readonly preTrainOn?: 'pseudo' | 'hybrid';
  readonly roundEpochs?: number;
  readonly preTrainEpochs?: number;
  readonly studentEpochs?: number;
  readonly ratio?: number;
  readonly confidence?: 'threshold' | 'weighted';
  readonly confidenceThreshold?: number;
  readonly unlabelledWeight?: number;
}

const ALGORITHM_1: readonly SemiMethod[] = ['algorithm-1'];
const MEAN_TEACHER: readonly SemiMethod[] = ['mean-teacher'];
const PSEUDO_LABELS: readonly SemiMethod[] = ['algorithm-1', 'one-shot'];

/** The flag of each option, and the methods that know it. */
const SEMI_OPTIONS: Readonly<
  Record<Exclude<keyof SemiChoices, 'method'>, readonly [flag: string, methods: readonly SemiMethod[]]>
> = {
  groupSize: ['--group-size', ALGORITHM_1],
  grouping: ['--grouping', ALGORITHM_1],
  remainder: ['--remainder', ALGORITHM_1],
  labels: ['--labels', PSEUDO_LABELS],
  stretch: ['--stretch', PSEUDO_LABELS],
  pseudoWeights: ['--pseudo-weights', PSEUDO_LABELS],
  preTrainOn: ['--pre-train-on', ALGORITHM_1],
  roundEpochs: ['--round-epochs', ALGORITHM_1],
  preTrainEpochs: ['--pre-train-epochs', ALGORITHM_1],
  studentEpochs: ['--student-epochs', ['one-shot']],
  ratio: ['--ratio', MEAN_TEACHER],
  confidence: ['--confidence', MEAN_TEACHER],
  confidenceThreshold: ['--confidence-threshold', MEAN_TEACHER],
  unlabelledWeight: ['--unlabelled-weight', MEAN_TEACHER],
};

/** @throws CliError `usage` for options that need unlabelled slices where there are none, or another method */
export function refuseSemiChoices(options: SemiChoices & { readonly semi?: string }): void {
  const { semi, method = 'algorithm-1' } = options;
  if (semi === undefined && options.method !== undefined) throw needsSemi('--method');
  for (const [name, [flag, methods]] of Object.entries(SEMI_OPTIONS)) {
    if (options[name as keyof SemiChoices] === undefined) continue;
    if (semi === undefined) throw needsSemi(flag);
    if (methods.includes(method)) continue;
    throw new CliError(
      'usage',
      `${flag} means nothing to --method ${method}`,
      `leave it out; it is an option of ${methods.join(' and ')}`,
    );
  }
}

function needsSemi(flag: string): CliError {
  return new CliError(
    'usage',
    `${flag} needs --semi`,
    'name the folder of unlabelled slices with --semi, or leave it out',
  );
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

/** The recipes of teacher and student: the preset's, and what the command line says. */
export function oneShotRecipesOf(options: TrainingChoices & SemiChoices): OneShotRecipes {
  const { studentEpochs: epochs } = options;
  return oneShotRecipes(options.preset, overridesOf(options), {
    ...(epochs !== undefined && { student: { epochs } }),
  });
}

/** The options of how pseudo labels are made that the library knows by the same names. */
export function choicesOf(options: SemiChoices): Pick<SemiChoices, (typeof SAME_NAMES)[number]> {
  const given = SAME_NAMES.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

const SAME_NAMES = [
  'groupSize',
  'grouping',
  'remainder',
  'labels',
  'stretch',
  'pseudoWeights',
  'preTrainOn',
] as const;

/** How a student learns from its teacher. */
export function teacherChoicesOf({
  ratio,
  confidence,
  confidenceThreshold: threshold,
  unlabelledWeight,
}: SemiChoices): Pick<MeanTeacherOptions, 'confidence' | 'threshold' | 'unlabelledWeight'> & {
  readonly ratio?: number;
} {
  return {
    ...(ratio !== undefined && { ratio }),
    ...(confidence && { confidence }),
    ...(threshold !== undefined && { threshold }),
    ...(unlabelledWeight !== undefined && { unlabelledWeight }),
  };
}
