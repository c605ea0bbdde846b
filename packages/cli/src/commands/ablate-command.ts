import type { Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { addTrainingChoices } from '../command-line/training-choices.js';
import { rowNumbers, wholeNumber } from '../options.js';
import type { AblateOptions } from './ablate.js';

/** Defines `infnet ablate`. */
export function addAblate(program: Command, execute: Execute): void {
  const command = program
    .command('ablate')
    .summary("train and compare the seven networks of the paper's Table IV")
    .description(
      "Train the seven networks of the paper's ablation (Table IV) alike, measure them in the authors' protocol, and\n" +
        'print the table: the backbone alone, and with edge attention (EA), parallel partial decoder (PPD) and reverse\n' +
        'attention (RA). A row that fails is named and the others go on. A stopped ablation goes on with --resume, which\n' +
        'also adds rows and seeds to one that is done. Of --init, the backbone is taken.',
    )
    .argument('<data>', 'folder with Imgs/ and GT/')
    .requiredOption('-o, --output <folder>', 'folder for the trainings and the table')
    .option('--test <folder>', 'folder with Imgs/ and GT/ to measure on (default: the validation slices)')
    .option('--rows <list>', 'rows of the table, such as 1,3-5', rowNumbers, [1, 2, 3, 4, 5, 6, 7])
    .option(
      '--seeds <n>',
      'train each network from so many seeds, --seed and those after it',
      wholeNumber(1),
      1,
    );
  addTrainingChoices(command);
  command.addHelpText(
    'after',
    '\nExample:\n  $ infnet ablate Doctor-label -o ablation --test LungInfection-Test --preset short --seeds 3',
  );
  finishCommand(command, 'ablate', execute, async (data: string, options: AblateOptions) => {
    const { ablate } = await import('./ablate.js');
    return (context) => ablate(data, options, context);
  });
}
