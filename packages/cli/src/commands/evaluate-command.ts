import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { wholeNumber } from '../options.js';
import type { EvaluateOptions } from './evaluate.js';

/** Defines `infnet evaluate`. */
export function addEvaluate(program: Command, execute: Execute): void {
  const command = program
    .command('evaluate')
    .summary('compare prediction maps with the ground truth')
    .description(
      'Compare the maps of one or several systems with the same ground truth, and with each other. Files (PNG, JPEG,\n' +
        'volumes) are paired by name without ending. Nothing is ever written to these folders.',
    )
    .requiredOption('--pred <folder...>', 'one folder per system; NAME=FOLDER gives it a name')
    .requiredOption('--gt <folder>', 'folder of ground-truth masks')
    .addOption(
      new Option(
        '--protocol <name>',
        "standard: textbook definitions; infnet: the authors' toolbox to the last bit",
      )
        .choices(['standard', 'infnet'])
        .default('standard'),
    )
    .addOption(
      new Option(
        '--empty <policy>',
        'masks without foreground: nan leaves them out, one-zero gives 1 for an empty prediction, reference gives 0\n' +
          "(default: the protocol's, nan or reference)",
      ).choices(['nan', 'one-zero', 'reference']),
    )
    .option(
      '--labels <list>',
      'maps hold labels: measure these class by class, for example 1=ggo,2=consolidation',
    )
    .option(
      '--cluster <rule>',
      "which cases are one patient's: a pattern whose first group is the patient, or a CSV file of case,patient",
    )
    .option('--masks', 'also surface distances and lesions of the masks cut at 0.5; volumes have them anyway')
    .option('--resamples <n>', 'of the bootstrap, and permutations of the tests', wholeNumber(100), 10_000)
    .option('--seed <n>', 'of both', wholeNumber(0), 0)
    .option('--json <file>', 'write all numbers and curves')
    .option('--csv <file>', 'write one row per system and case')
    .option('--csv-volumes <file>', 'write one row per system and volume or patient')
    .option('--csv-masks <file>', 'write one row per system and case: surface distances and lesions')
    .option('--markdown <file>', 'write the table for a text')
    .option('--latex <file>', "write the table for a paper, in the layout of the paper's Table II")
    .option('--html <file>', 'write a page with curves, tests and worst cases')
    .option('--images <folder>', 'slices to draw the worst cases on, for --html')
    .option('--worst <n>', 'how many worst cases to draw', wholeNumber(0), 6)
    .addHelpText(
      'after',
      '\nExample:\n  $ infnet evaluate --pred ours=results/probabilities unet=UNet --gt GT --html scores.html --images Imgs',
    );
  finishCommand(command, 'evaluate', execute, async (options: EvaluateOptions) => {
    const { evaluate } = await import('./evaluate.js');
    return (context) => evaluate(options, context);
  });
}
