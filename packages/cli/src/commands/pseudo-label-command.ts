import type { Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { addRoundChoices, addTrainingChoices } from '../command-line/training-choices.js';
import type { PseudoLabelOptions } from './pseudo-label.js';

/** Defines `infnet pseudo-label`. */
export function addPseudoLabel(program: Command, execute: Execute): void {
  const command = program
    .command('pseudo-label')
    .summary('label slices by random propagation (Algorithm 1)')
    .description(
      'Label a folder of slices group by group, learning from each group before the next: Algorithm 1 of the paper.\n' +
        'Without --init, an Inf-Net is trained on the labelled slices first. A stopped run goes on with --resume.',
    )
    .requiredOption('--labelled <folder>', 'folder with Imgs/ and GT/')
    .requiredOption('--unlabelled <folder>', 'folder of slices, or with slices in Imgs/')
    .requiredOption('-o, --output <folder>', 'run folder; the labels end in propagation/labels');
  addTrainingChoices(command);
  addRoundChoices(command);
  finishCommand(command, 'pseudo-label', execute, async (options: PseudoLabelOptions) => {
    const { pseudoLabel } = await import('./pseudo-label.js');
    return (context) => pseudoLabel(options, context);
  });
}
