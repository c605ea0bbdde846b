import { encodePng } from '@infnet/io-medical';
import {
  meanTeacherRecipe,
  resolveRecipe,
  trainMeanTeacher,
  trainSupervised,
  type SupervisedResult,
} from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { duration, figure } from '../progress/format.js';
import type { Reporter } from '../progress/reporter.js';
import { relay } from './relay.js';
import { resumable } from './resumable.js';
import { teacherChoicesOf, type SemiChoices } from './semi-choices.js';
import {
  ensureFolder,
  IO,
  overridesOf,
  startBackend,
  startModel,
  validationOf,
  type TrainingChoices,
} from './start.js';

interface SingleRunOptions extends TrainingChoices, SemiChoices {
  readonly output: string;
  readonly semi?: string;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Trains a network in one run: on labelled slices alone, or on unlabelled ones too, with a mean teacher. */
export async function trainInOneRun(
  data: string,
  options: SingleRunOptions,
  { reporter, signal }: CommandContext,
): Promise<Outcome> {
  const { semi, output, seed, init } = options;
  const pretrained = init !== undefined;
  const preset = resolveRecipe(options.preset, overridesOf(options), { pretrained });
  const recipe = semi === undefined ? preset : meanTeacherRecipe(preset);
  if (semi !== undefined) await ensureFolder(semi, 'unlabelled slices, or Imgs/ with them');
  const { workers } = await startBackend(options, reporter);
  const model = await startModel(options);
  const started = performance.now();
  const problems = { count: 0 };
  const common = {
    workers,
    model,
    validation: validationOf(options),
    io: IO,
    recipe,
    pretrained,
    seed,
    encodeGrey: encodePng,
    runFolder: output,
    resume: options.resume === true,
    signal,
    onProgress: relay(reporter, recipe, problems),
  };
  try {
    return await resumable(output, { reporter, signal }, async () => {
      const result =
        semi === undefined
          ? await trainSupervised({ ...common, data })
          : await trainMeanTeacher({
              ...common,
              ...teacherChoicesOf(options),
              labelled: data,
              unlabelled: semi,
            });
      conclude(result, (performance.now() - started) / 1000, reporter);
      return outcomeOf({ done: 1, failed: problems.count });
    });
  } finally {
    model.dispose();
  }
}

function conclude({ best, modelPath, epochs }: SupervisedResult, seconds: number, reporter: Reporter): void {
  const score = best === null ? '' : `, best mean Dice ${figure(best.meanDice)} in epoch ${best.epoch}`;
  reporter.emit({ event: 'note', message: `trained ${epochs} epochs in ${duration(seconds)}${score}` });
  if (modelPath === null) return;
  reporter.emit({ event: 'written', what: 'model', path: modelPath });
  const message = `try it: infnet segment IMAGES -o results --model ${modelPath}`;
  reporter.emit({ event: 'note', message });
}
