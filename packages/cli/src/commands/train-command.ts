import type { Command } from 'commander';
import { addClassChoices } from '../command-line/class-choices.js';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import {
  addMethodChoices,
  addPreTrainingChoices,
  addRoundChoices,
  addTrainingChoices,
} from '../command-line/training-choices.js';
import type { TrainOptions } from './train.js';

/** Defines `infnet train`. */
export function addTrain(program: Command, execute: Execute): void {
  const command = program
    .command('train')
    .summary('train an Inf-Net, a Semi-Inf-Net, or a network that tells classes apart')
    .description(
      "Train an Inf-Net on a folder in the authors' layout: Imgs/, GT/ and, if you have them, Edge/.\n" +
        'Images and masks are paired by name. The same command with --resume takes a stopped run up again.\n' +
        'With --semi, slices without masks are learnt from as well: by Algorithm 1 of the paper, or by --method.\n' +
        'With --task multi-class, GT/ holds labels (1 ground-glass, 2 consolidation), and an infection map guides the network.',
    )
    .argument('<data>', 'folder with Imgs/ and GT/')
    .requiredOption('-o, --output <folder>', 'run folder: model, checkpoints, log')
    .option('--semi <folder>', 'unlabelled slices: train a Semi-Inf-Net');
  addTrainingChoices(command);
  addMethodChoices(command);
  addRoundChoices(command);
  addPreTrainingChoices(command);
  addClassChoices(command);
  command.addHelpText(
    'after',
    '\nExamples:\n  $ infnet train Doctor-label -o run --preset short --seed 1\n  $ infnet train Doctor-label --semi Unlabelled -o run\n' +
      '  $ infnet train MultiClass -o classes --task multi-class --prior-model run/model.safetensors',
  );
  finishCommand(command, 'train', execute, async (data: string, options: TrainOptions) => {
    const { train } = await import('./train.js');
    return (context) => train(data, options, context);
  });
}
