import * as tf from '@tensorflow/tfjs';
import { hashStateDict } from '../checkpoint/run-config.js';
import type { PreparedSample } from '../data/sample.js';
import { SampleError } from '../errors.js';
import type { TrainableModel } from '../model.js';
import { VERSIONS } from '../training-run.js';
import type { PseudoLabelResult } from './generate-pseudo-labels.js';
import type { PseudoLabelIO } from './label-folder.js';
import { labelSlice, readLabelled } from './label-slice.js';
import { LabellingFolder, type LabellingConfig, type LabellingEvent } from './labelling-folder.js';
import { resolveStyle, type PseudoLabelStyle } from './pseudo-label.js';
import { listUnlabelled, type UnlabelledListing } from './unlabelled-folder.js';

/** What slices are labelled by, and how. */
export interface LabelOnceOptions extends PseudoLabelStyle {
  /** The teacher; it stays as it is. */
  readonly model: TrainableModel;
  /** Folder of images, or with images in its `Imgs`. */
  readonly unlabelled: string;
  readonly io: PseudoLabelIO;
  /** Side length in pixels that the teacher sees, and of the prepared slices. */
  readonly size: number;
  /** Where the labels are kept. */
  readonly runFolder: string;
  /** Go on with what is in `runFolder`, if there is something. Default false: a folder with labels is refused. */
  readonly resume?: boolean;
  /** Stops before the next slice; the promise rejects with the signal's reason and nothing is lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: LabellingEvent) => void;
}

/** The labels of {@link labelOnce}. */
export type LabelOnceResult = Omit<PseudoLabelResult, 'modelPath'>;

/**
 * Labels every slice of a folder by one network as it is: the pseudo labels of Lee (ICML workshops 2013). In Algorithm 1
 * the network learns from each group before it labels the next; here it labels all of them.
 *
 * It may be killed at any moment. The same call with `resume` labels what is left, with the same bytes.
 *
 * @throws DatasetError when there is nothing to label; single bad images are warnings
 * @throws TrainingError for another labelling's folder, a damaged label, a folder not writable, images that vanish
 */
export async function labelOnce(options: LabelOnceOptions): Promise<LabelOnceResult> {
  const { io, resume = false, signal, onProgress } = options;
  const listing = await listUnlabelled(options.unlabelled);
  const config = await describe(options, listing);
  const folder = await LabellingFolder.open(options.runFolder, config, { resume, io });
  const started = performance.now();
  const tell = (event: LabellingEvent): void => {
    if (event.type !== 'slice-labelled') folder.append(event);
    onProgress?.(event);
  };
  const end = (reason: 'completed' | 'aborted' | 'failed'): void =>
    tell({ type: 'labelling-end', reason, seconds: (performance.now() - started) / 1000 });
  try {
    const result = await labelAll(options, { config, folder, listing, tell });
    end('completed');
    return result;
  } catch (error) {
    end(signal?.aborted ? 'aborted' : 'failed');
    throw error;
  }
}

interface Work {
  readonly config: LabellingConfig;
  readonly folder: LabellingFolder;
  readonly listing: UnlabelledListing;
  readonly tell: (event: LabellingEvent) => void;
}

async function labelAll(
  { model, size, io, signal }: LabelOnceOptions,
  { config, folder: { labels }, listing: { slices, problems }, tell }: Work,
): Promise<LabelOnceResult> {
  const total = slices.length;
  tell({ type: 'labelling-start', done: slices.filter(({ path }) => labels.has(path)).length, total });
  for (const problem of problems) tell(warning(problem));
  const samples: PreparedSample[] = [];
  const leftOut: string[] = [];
  for (const [index, slice] of slices.entries()) {
    signal?.throwIfAborted();
    const labelled = labels.has(slice.path)
      ? await readLabelled(labels, slice, size)
      : await labelSlice(model, slice, { labels, style: config.style, size, io });
    if (labelled instanceof SampleError) {
      leftOut.push(slice.id);
      tell(warning(labelled));
    } else samples.push(labelled);
    tell({ type: 'slice-labelled', id: slice.id, done: index + 1, total });
  }
  return { folder: labels.path, samples, leftOut };
}

async function describe(
  { model, size, ...style }: LabelOnceOptions,
  { slices }: UnlabelledListing,
): Promise<LabellingConfig> {
  return {
    format: 'infnet-labelling',
    versions: VERSIONS,
    backend: tf.getBackend(),
    size,
    style: resolveStyle(style),
    architecture: model.options,
    teacher: hashStateDict(await model.stateDict()),
    unlabelled: Object.fromEntries(slices.map(({ id, hash }) => [id, hash])),
  };
}

function warning({ code, message, hint, subject }: SampleError): LabellingEvent {
  return { type: 'warning', code, message, hint, subject };
}
