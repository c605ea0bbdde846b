import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  createModel,
  INFECTION_CLASSES,
  InfNet,
  loadModel,
  readWeights,
  type ModelName,
  type ModelOf,
} from '@infnet/core-model';
import { readGreyImage, readLabelImage, resizeBilinear, resizeNearest } from '@infnet/io-medical';
import {
  CLASS_PRESETS,
  infectionPredictor,
  resolveClassRecipe,
  trainMultiClass,
  type ClassLoss,
  type ClassPrior,
  type ClassSliceIO,
  type SupervisedResult,
} from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { CliError } from '../errors.js';
import { readModelBytes } from '../inputs/read-model-bytes.js';
import { atomicWrite } from '../outputs/atomic-write.js';
import { duration, figure } from '../progress/format.js';
import type { Reporter } from '../progress/reporter.js';
import { priorCopy } from '../segment/prior-copy.js';
import { DEFAULT_SIZE, trainedSize } from '../segment/trained-size.js';
import { relay } from './relay.js';
import { resumable } from './resumable.js';
import { overridesOf, startBackend, validationOf, type TrainingChoices } from './start.js';

/** Options of `--task multi-class`. */
export interface ClassChoices {
  readonly task?: 'infection' | 'multi-class';
  readonly priorModel?: string;
  readonly priorDir?: string;
  readonly prior?: 'true-masks' | 'none';
  readonly network?: Exclude<ModelName, 'inf-net'>;
  readonly loss?: ClassLoss;
  readonly classes?: string;
}

type ClassModel = ModelOf<Exclude<ModelName, 'inf-net'>>;

const CLASS_OPTIONS: Readonly<Record<Exclude<keyof ClassChoices, 'task'>, string>> = {
  priorModel: '--prior-model',
  priorDir: '--prior-dir',
  prior: '--prior',
  network: '--network',
  loss: '--loss',
  classes: '--classes',
};

/** @throws CliError `usage` for options of multi-class training without that task */
export function refuseClassChoices(options: ClassChoices): void {
  for (const [name, flag] of Object.entries(CLASS_OPTIONS)) {
    if (options[name as keyof ClassChoices] === undefined) continue;
    throw new CliError('usage', `${flag} needs --task multi-class`, 'add the task, or leave the option out');
  }
}

interface ClassOptions extends TrainingChoices, ClassChoices {
  readonly output: string;
  readonly backend: string;
  readonly resume?: boolean;
}

const CLASS_IO: ClassSliceIO = {
  readGrey: readGreyImage,
  readLabels: readLabelImage,
  resize: resizeBilinear,
  resizeNearest,
};

/** Trains a network that tells ground-glass opacity from consolidation, guided by infection maps. */
export async function trainClasses(
  data: string,
  options: ClassOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { reporter, signal } = context;
  const { preset, output, seed, init } = options;
  const classes = classNames(options.classes);
  const recipe = resolveClassRecipe(preset, overridesOf(options));
  const { workers } = await startBackend(options, reporter);
  const prior = await openPrior(data, options);
  const model = await startClassModel(options, classes.length + 1, prior.source.kind !== 'none');
  const started = performance.now();
  const problems = { count: 0 };
  try {
    return await resumable(output, context, async () => {
      const result = await trainMultiClass({
        workers,
        model,
        data,
        prior: prior.source,
        validation: validationOf(options),
        io: CLASS_IO,
        recipe,
        loss: options.loss ?? CLASS_PRESETS[preset].loss,
        classes,
        pretrained: init !== undefined,
        seed,
        runFolder: output,
        resume: options.resume === true,
        signal,
        onProgress: relay(reporter, recipe, problems),
      });
      // So that segmenting with the run's model needs no other file.
      if (prior.copy) await atomicWrite(join(output, prior.copy.name), prior.copy.bytes);
      conclude(result, (performance.now() - started) / 1000, reporter);
      return outcomeOf({ done: 1, failed: problems.count });
    });
  } finally {
    prior.dispose();
    model.dispose();
  }
}

function conclude({ best, modelPath, epochs }: SupervisedResult, seconds: number, reporter: Reporter): void {
  const score =
    best === null ? '' : `, best mean Dice over the classes ${figure(best.meanDice)} in epoch ${best.epoch}`;
  reporter.emit({ event: 'note', message: `trained ${epochs} epochs in ${duration(seconds)}${score}` });
  if (modelPath === null) return;
  reporter.emit({ event: 'written', what: 'model', path: modelPath });
  const message = `try it: infnet segment IMAGES -o results --multi-class ${modelPath}`;
  reporter.emit({ event: 'note', message });
}

/** @throws CliError `usage` */
function classNames(list: string | undefined): readonly string[] {
  if (list === undefined) return INFECTION_CLASSES;
  const names = list.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '') && new Set(names).size === names.length) return names;
  throw new CliError(
    'usage',
    `--classes: "${list}" are no class names`,
    'write different names with commas between, such as ground-glass,consolidation',
  );
}

interface OpenPrior {
  readonly source: ClassPrior;
  /** The Inf-Net's file, for the run folder. */
  readonly copy?: { readonly name: string; readonly bytes: Uint8Array };
  dispose(): void;
}

/** @throws CliError `usage` where nothing says whose maps guide the network; `model-not-readable`; WeightsError */
async function openPrior(data: string, { priorModel, priorDir, prior }: ClassChoices): Promise<OpenPrior> {
  const dispose = (): void => undefined;
  if (prior !== undefined) return { source: { kind: prior }, dispose };
  if (priorDir !== undefined) return { source: { kind: 'given', folder: priorDir }, dispose };
  if (priorModel === undefined) {
    const own = await stat(join(data, 'Prior')).catch(() => undefined);
    if (own?.isDirectory()) return { source: { kind: 'given' }, dispose };
    throw new CliError(
      'usage',
      'nothing says which infection maps guide the network',
      'name an Inf-Net with --prior-model, or a folder of maps with --prior-dir; --prior true-masks is the released ' +
        "code's way, --prior none trains without maps",
    );
  }
  const bytes = await readModelBytes(priorModel);
  const infNet = await InfNet.fromPretrained(bytes);
  const size = trainedSize(readWeights(bytes).metadata) ?? DEFAULT_SIZE;
  return {
    source: {
      kind: 'model',
      predict: infectionPredictor(infNet, { size, resize: resizeBilinear }),
      name: basename(priorModel),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    copy: { name: priorCopy(basename(priorModel)), bytes },
    dispose: () => infNet.dispose(),
  };
}

/** A network with random weights, or the one of `--init` with its own architecture. */
async function startClassModel(
  { init, network, preset, width, seed }: ClassOptions,
  classes: number,
  prior: boolean,
): Promise<ClassModel> {
  if (init === undefined) {
    const { name, width: own } = CLASS_PRESETS[preset].network;
    return createModel(network ?? name, { width: width ?? own, classes, prior, seed });
  }
  const given = { '--network': network, '--width': width };
  for (const [flag, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw new CliError('usage', `${init} has an architecture of its own`, `leave ${flag} out`);
  }
  const model = await loadModel(await readModelBytes(init));
  if (!(model instanceof InfNet)) return model;
  model.dispose();
  throw new CliError(
    'usage',
    `${init} holds an Inf-Net, which tells no classes apart`,
    'name the file of a multi-class network, or leave --init out; an Inf-Net guides one with --prior-model',
  );
}
