import { selectBackend, SliceGate } from '@infnet/core-model';
import {
  GATE_RECIPE,
  trainSliceGate,
  type NetworkRecipe,
  type SliceGateResult,
} from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { duration, figure } from '../progress/format.js';
import { percent } from '../progress/quantities.js';
import type { Reporter } from '../progress/reporter.js';
import { DEMO_MODEL_NOTICE, openModel } from '../segment/load-model.js';
import { relay } from '../train/relay.js';
import { resumable } from '../train/resumable.js';
import { ensureFolder, IO, validationOf } from '../train/start.js';

/** Options of `infnet train-gate`. */
export interface TrainGateOptions {
  readonly output: string;
  readonly model?: string;
  readonly size?: number;
  readonly epochs?: number;
  readonly lr?: number;
  readonly copies: number;
  readonly seed: number;
  readonly valFraction?: number;
  readonly valDir?: string;
  /** False with `--no-validation`. */
  readonly validation: boolean;
  readonly backend: string;
  readonly resume?: boolean;
}

/** Trains a gate behind the encoder of a trained Inf-Net, which stays as it is. */
export async function trainGate(
  data: string,
  options: TrainGateOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { reporter, signal } = context;
  const { output, seed, copies, epochs, lr } = options;
  await ensureFolder(data, 'Imgs/ and GT/');
  await ensureWritableFolder(output);
  reporter.emit({ event: 'backend', ...(await selectBackend(options.backend)) });
  const { network, about } = await openModel(options.model);
  reporter.emit({ event: 'model', ...about });
  if (about.shipped) reporter.emit({ event: 'warning', message: DEMO_MODEL_NOTICE });
  const recipe: NetworkRecipe = {
    ...GATE_RECIPE,
    size: options.size ?? about.trainedSize ?? GATE_RECIPE.size,
    ...(epochs !== undefined && { epochs }),
    ...(lr !== undefined && { learningRate: lr }),
  };
  const gate = await SliceGate.create(network, { seed });
  const started = performance.now();
  const problems = { count: 0 };
  try {
    return await resumable(output, context, async () => {
      const result = await trainSliceGate({
        gate,
        encoder: network,
        data,
        validation: validationOf(options),
        io: IO,
        recipe,
        copies,
        seed,
        runFolder: output,
        resume: options.resume === true,
        signal,
        onProgress: relay(reporter, recipe, problems),
      });
      conclude(result, (performance.now() - started) / 1000, options, reporter);
      return outcomeOf({ done: 1, failed: problems.count });
    });
  } finally {
    gate.dispose();
    network.dispose();
  }
}

function conclude(
  { epochs, validation, modelPath }: SliceGateResult,
  seconds: number,
  { model }: TrainGateOptions,
  reporter: Reporter,
): void {
  const note = (message: string): void => reporter.emit({ event: 'note', message });
  note(`trained ${epochs} epochs in ${duration(seconds)}`);
  if (validation) {
    const { sensitivity, specificity, auc } = validation;
    const healthy = specificity === null ? '' : `, ${percent(specificity)} of the healthy ones`;
    const area = auc === null ? '' : `; area under the ROC curve ${figure(auc)}`;
    note(
      `of the slices to validate on it tells ${percent(sensitivity)} of the infected ones${healthy}, at 0.5${area}`,
    );
  }
  if (modelPath === null) return;
  reporter.emit({ event: 'written', what: 'slice gate', path: modelPath });
  const own = model === undefined ? '' : ` --model ${model}`;
  note(`try it: infnet segment VOLUME -o results${own} --gate ${modelPath}`);
}
