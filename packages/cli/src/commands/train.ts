import type { CommandContext, Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { refuseClassChoices, trainClasses, type ClassChoices } from '../train/multi-class.js';
import { trainSemi } from '../train/semi.js';
import { refuseSemiChoices, type SemiChoices } from '../train/semi-choices.js';
import { trainInOneRun } from '../train/single-run.js';
import { ensureFolder, type TrainingChoices } from '../train/start.js';

/** Options of `infnet train`. */
export interface TrainOptions extends TrainingChoices, SemiChoices, ClassChoices {
  readonly output: string;
  /** Folder of unlabelled slices. */
  readonly semi?: string;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Trains a network on a folder of labelled slices, and on unlabelled ones with `--semi`. */
export async function train(data: string, options: TrainOptions, context: CommandContext): Promise<Outcome> {
  const { semi, task, method } = options;
  refuseSemiChoices(options);
  if (task === 'multi-class') refuseInfectionChoices(options);
  else refuseClassChoices(options);
  await ensureFolder(data, 'Imgs/ and GT/');
  await ensureWritableFolder(options.output);
  if (task === 'multi-class') return trainClasses(data, options, context);
  if (semi === undefined || method === 'mean-teacher') return trainInOneRun(data, options, context);
  return trainSemi(data, { ...options, semi }, context);
}

/** @throws CliError `usage` */
function refuseInfectionChoices({ semi, boundaryLoss }: TrainOptions): void {
  if (semi !== undefined) {
    throw new CliError(
      'usage',
      '--semi and --task multi-class are two trainings',
      'train the Semi-Inf-Net first, then name its model.safetensors with --prior-model',
    );
  }
  if (boundaryLoss === undefined) return;
  throw new CliError(
    'usage',
    '--boundary-loss means nothing to --task multi-class',
    'leave it out: it is a loss of the infection map',
  );
}
