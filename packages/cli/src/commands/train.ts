import { selectBackend } from '@infnet/core-model';
import { encodePng } from '@infnet/io-medical';
import { resolveRecipe, trainSupervised, type SupervisedResult } from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { duration, figure } from '../progress/format.js';
import type { Reporter } from '../progress/reporter.js';
import { refuseClassChoices, trainClasses, type ClassChoices } from '../train/multi-class.js';
import { relay } from '../train/relay.js';
import { resumable } from '../train/resumable.js';
import { trainSemi } from '../train/semi.js';
import { refuseSemiChoices, type SemiChoices } from '../train/semi-choices.js';
import {
  ensureFolder,
  IO,
  overridesOf,
  startModel,
  validationOf,
  type TrainingChoices,
} from '../train/start.js';

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
  const { reporter } = context;
  const { semi, task } = options;
  refuseSemiChoices(options);
  if (task !== 'multi-class') refuseClassChoices(options);
  if (task === 'multi-class' && semi !== undefined) throw twoTasks();
  await ensureFolder(data, 'Imgs/ and GT/');
  await ensureWritableFolder(options.output);
  if (task === 'multi-class') return trainClasses(data, options, context);
  if (semi !== undefined) return trainSemi(data, { ...options, semi }, context);

  const pretrained = options.init !== undefined;
  const recipe = resolveRecipe(options.preset, overridesOf(options), { pretrained });
  reporter.emit({ event: 'backend', ...(await selectBackend(options.backend)) });
  const model = await startModel(options);
  const started = performance.now();
  const problems = { count: 0 };
  try {
    return await resumable(options.output, context, async () => {
      const result = await trainSupervised({
        model,
        data,
        validation: validationOf(options),
        io: IO,
        recipe,
        pretrained,
        seed: options.seed,
        encodeGrey: encodePng,
        runFolder: options.output,
        resume: options.resume === true,
        signal: context.signal,
        onProgress: relay(reporter, recipe, problems),
      });
      const seconds = (performance.now() - started) / 1000;
      return finish(result, seconds, problems.count, reporter);
    });
  } finally {
    model.dispose();
  }
}

function twoTasks(): CliError {
  return new CliError(
    'usage',
    '--semi and --task multi-class are two trainings',
    'train the Semi-Inf-Net first, then name its model.safetensors with --prior-model',
  );
}

function finish(result: SupervisedResult, seconds: number, failed: number, reporter: Reporter): Outcome {
  const { best, modelPath, epochs } = result;
  const score = best === null ? '' : `, best mean Dice ${figure(best.meanDice)} in epoch ${best.epoch}`;
  reporter.emit({ event: 'note', message: `trained ${epochs} epochs in ${duration(seconds)}${score}` });
  if (modelPath !== null) {
    reporter.emit({ event: 'written', what: 'model', path: modelPath });
    reporter.emit({
      event: 'note',
      message: `try it: infnet segment IMAGES -o results --model ${modelPath}`,
    });
  }
  return outcomeOf({ done: 1, failed });
}
