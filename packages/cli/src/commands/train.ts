import { stat } from 'node:fs/promises';
import { InfNet, selectBackend } from '@infnet/core-model';
import { gradientEdge, readGreyImage, resizeBilinear } from '@infnet/io-medical';
import {
  DatasetError,
  PRESETS,
  resolveRecipe,
  trainSupervised,
  type PresetName,
  type Recipe,
  type SliceIO,
  type SupervisedResult,
} from '@infnet/semi-supervised';
import { INTERRUPTED, outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError, isAbort } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { duration, figure } from '../progress/format.js';
import type { Reporter } from '../progress/reporter.js';
import { relay } from '../train/relay.js';

/** Options of `infnet train`. */
export interface TrainOptions {
  readonly output: string;
  readonly preset: PresetName;
  readonly width?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly seed: number;
  readonly valFraction?: number;
  readonly valDir?: string;
  /** False with `--no-validation`. */
  readonly validation: boolean;
  readonly init?: string;
  readonly backend: string;
  readonly resume?: boolean;
}

const IO: SliceIO = { readGrey: readGreyImage, resize: resizeBilinear, edge: gradientEdge };

/** Trains a network on a folder of labelled slices. */
export async function train(data: string, options: TrainOptions, context: CommandContext): Promise<Outcome> {
  const { reporter, signal } = context;
  await ensureFolder(data);
  await ensureWritableFolder(options.output);
  const recipe = resolveRecipe(options.preset, overrides(options), {
    pretrained: options.init !== undefined,
  });
  const backend = await selectBackend(options.backend);
  reporter.emit({ event: 'backend', ...backend });
  const model = await startModel(options);
  const started = performance.now();
  const problems = { count: 0 };
  try {
    const result = await trainSupervised({
      model,
      data,
      validation: validationOf(options),
      io: IO,
      recipe,
      pretrained: options.init !== undefined,
      seed: options.seed,
      runFolder: options.output,
      resume: options.resume === true,
      signal,
      onProgress: relay(reporter, recipe, problems),
    });
    const seconds = (performance.now() - started) / 1000;
    return finish(result, seconds, problems.count, reporter);
  } catch (error) {
    if (isAbort(error, signal)) {
      const message = `stopped; nothing is lost: run the same command again with --resume to go on in ${options.output}`;
      reporter.emit({ event: 'note', message });
      return INTERRUPTED;
    }
    if (error instanceof DatasetError) {
      for (const { code, message, hint, subject } of error.problems) {
        reporter.emit({ event: 'failure', input: subject, code, message, hint });
      }
    }
    throw error;
  } finally {
    model.dispose();
  }
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

/** What the command line says about the recipe; the preset says the rest. */
function overrides({ size, epochs, batch, lr }: TrainOptions): Partial<Recipe> {
  return {
    ...(size !== undefined && { size }),
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batchSize: batch }),
    ...(lr !== undefined && { learningRate: lr }),
  };
}

function validationOf({ validation, valDir, valFraction }: TrainOptions): string | { fraction: number } {
  if (!validation) return { fraction: 0 };
  return valDir === undefined ? { fraction: valFraction ?? 0.16 } : valDir;
}

/** A network with random weights, or the one of `--init` with its own architecture. */
async function startModel({ init, preset, width, seed }: TrainOptions): Promise<InfNet> {
  const { network } = PRESETS[preset];
  if (init === undefined) return InfNet.create({ ...network, ...(width !== undefined && { width }), seed });
  const bytes = await readModelBytes(init);
  const model = await InfNet.fromPretrained(bytes);
  if (width !== undefined && width !== model.options.width) {
    const own = model.options.width;
    model.dispose();
    throw new CliError('usage', `${init} has width ${own}, which --width cannot change`, 'leave --width out');
  }
  return model;
}

async function ensureFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new CliError(
    'not-a-folder',
    `${folder}: ${found ? 'it is a file, not a folder' : 'no such folder'}`,
    'name a folder that holds Imgs/ and GT/',
  );
}
