import { join } from 'node:path';
import { encodePng } from '@infnet/io-medical';
import { generatePseudoLabels, trainSupervised } from '@infnet/semi-supervised';
import { outcomeOf, type CommandContext, type Outcome } from '../context.js';
import { ensureWritableFolder } from '../outputs/writable.js';
import { relay } from '../train/relay.js';
import { relayRounds } from '../train/relay-stages.js';
import { resumable } from '../train/resumable.js';
import { PSEUDO_IO } from '../train/semi.js';
import { choicesOf, recipesOf, type SemiChoices } from '../train/semi-choices.js';
import {
  ensureFolder,
  startBackend,
  startModel,
  validationOf,
  type TrainingChoices,
} from '../train/start.js';

/** Options of `infnet pseudo-label`. */
export interface PseudoLabelOptions extends TrainingChoices, SemiChoices {
  readonly labelled: string;
  readonly unlabelled: string;
  readonly output: string;
  readonly backend: string;
  readonly resume?: boolean;
}

/**
 * Labels a folder of slices by Algorithm 1. Without `--init` the network is trained on the labelled slices first, in the
 * same folders as `infnet train --semi` uses, which can take the run up from there.
 */
export async function pseudoLabel(options: PseudoLabelOptions, context: CommandContext): Promise<Outcome> {
  const { reporter, signal } = context;
  const { labelled, unlabelled, output, seed, init } = options;
  await ensureFolder(labelled, 'Imgs/ and GT/');
  await ensureFolder(unlabelled, 'unlabelled slices, or Imgs/ with them');
  await ensureWritableFolder(output);
  const recipes = recipesOf(options);
  const { workers } = await startBackend(options, reporter);
  const model = await startModel(options);
  const problems = { count: 0 };
  const common = {
    workers,
    model,
    io: PSEUDO_IO,
    seed,
    signal,
    validation: validationOf(options),
    resume: options.resume === true,
  };
  try {
    return await resumable(output, context, async () => {
      if (init === undefined) {
        await trainSupervised({
          ...common,
          data: labelled,
          recipe: recipes.supervised,
          encodeGrey: encodePng,
          runFolder: join(output, 'supervised'),
          onProgress: relay(reporter, recipes.supervised, problems),
        });
      }
      const { folder } = await generatePseudoLabels({
        ...common,
        ...choicesOf(options),
        labelled,
        unlabelled,
        recipe: recipes.propagation,
        runFolder: join(output, 'propagation'),
        onProgress: relayRounds(reporter, problems),
      });
      reporter.emit({ event: 'written', what: 'pseudo labels', path: folder });
      return outcomeOf({ done: 1, failed: problems.count });
    });
  } finally {
    model.dispose();
  }
}
