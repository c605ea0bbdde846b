import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { ALLOW_UNEVEN, numberBetween, share, wholeNumber, windowChoice } from '../options.js';
import type { DatasetOptions } from './dataset.js';

/** Defines `infnet dataset`. */
export function addDataset(program: Command, execute: Execute): void {
  const command = program
    .command('dataset')
    .summary('make training slices of volumes')
    .description(
      'Make a training set of CT volumes: axial slices that show lung, windowed, cropped to the lungs, in the layout that\n' +
        '`infnet train` reads. Volumes with a mask of the same name go to train/, val/ and test/, each volume to one of\n' +
        'them; those without one to unlabelled/. manifest.json tells what was made of what, with hashes.',
    )
    .argument('<volumes...>', 'files, folders or archives')
    .requiredOption('-o, --output <folder>', 'folder for the data set')
    .option(
      '--masks <path>',
      'infection masks: a folder, each named like its volume; or the mask of the only volume',
    )
    .option('--lung-mask <path>', 'lung masks, given as --masks is')
    .option('--no-lung-mask', 'keep all slices whole')
    .option('--allow-uneven', ALLOW_UNEVEN)
    .option('-w, --window <window>', 'grey window for HU: a name or CENTER,WIDTH', windowChoice)
    .option('--margin <mm>', 'rim around the lungs', numberBetween(-1, Infinity), 5)
    .option(
      '--least-lung <share>',
      'drop slices with less lung than this share of the fullest one',
      share,
      0.05,
    )
    .option('--every <n>', 'take every n-th slice', wholeNumber(1), 1)
    .option('--labels', 'keep the labels of the masks (several classes) instead of 0 and 255')
    .option('--edges', 'also write Edge/, as the data set of the paper has it')
    .option('--val <share>', 'share of the labelled volumes to validate on', share, 0.2)
    .option('--test <share>', 'share of the labelled volumes to test on', share, 0)
    .option('--seed <n>', 'of the split', wholeNumber(0), 0)
    .option('--anonymous', 'call the volumes case-001, case-002, ... everywhere')
    .addOption(new Option('--overwrite', 'replace an earlier data set').conflicts('continue'))
    .option('--continue', 'keep what was made in the same way and do what is missing')
    .addHelpText(
      'after',
      '\nExample:\n  $ infnet dataset volumes/ --masks masks/ -o data --val 0.2\n  $ infnet train data/train --val-dir data/val -o run',
    );
  finishCommand(command, 'dataset', execute, async (volumes: string[], options: DatasetOptions) => {
    const { dataset } = await import('./dataset.js');
    return (context) => dataset(volumes, options, context);
  });
}
