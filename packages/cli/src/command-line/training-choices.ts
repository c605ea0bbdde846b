import { Option, type Command } from 'commander';
import { numberBetween, sideLength, wholeNumber } from '../options.js';

/** Options of everything that trains. */
export function addTrainingChoices(command: Command): void {
  command
    .addOption(
      new Option('-p, --preset <name>', 'recipe')
        .choices(['default', 'short', 'paper', 'reference'])
        .default('default'),
    )
    .option('--width <factor>', 'multiplier on the channel counts', numberBetween(0, 4.01))
    .option('-s, --size <pixels>', 'side length of the training slices', sideLength)
    .option('-e, --epochs <n>', 'passes over the labelled slices', wholeNumber(1))
    .option('--batch <n>', 'slices in a step', wholeNumber(1))
    .option('--lr <rate>', 'learning rate', numberBetween(0, Infinity))
    .option(
      '--boundary-loss <w>',
      'weight of a loss of distances to the boundary, on S3, such as 0.01 (default: none)',
      numberBetween(0, Infinity),
    )
    .option('--seed <n>', 'of weights, order, augmentation and split', wholeNumber(0), 0)
    .addOption(
      new Option('--val-fraction <share>', 'share of the slices to validate on (default: 0.16)')
        .argParser(numberBetween(0, 1))
        .conflicts('valDir'),
    )
    .addOption(
      new Option('--val-dir <folder>', 'folder with Imgs/ and GT/ to validate on').conflicts('noValidation'),
    )
    .option('--no-validation', 'train on every slice')
    .option('--init <file>', 'start from these weights (safetensors)')
    .option('-b, --backend <name>', 'auto, cuda, node, webgpu, wasm or cpu', 'auto')
    .option(
      '--workers <n>',
      'threads that divide the slices of a step, each with the whole network (wasm; default: 1)',
      wholeNumber(1),
    )
    .option('--resume', 'go on where the run folder stopped');
}

/** What is done with unlabelled slices. */
export function addMethodChoices(command: Command): void {
  command
    .addOption(
      new Option(
        '--method <name>',
        'how unlabelled slices are learnt from: labelled in rounds as in the paper (default), labelled once, or by a mean teacher',
      ).choices(['algorithm-1', 'one-shot', 'mean-teacher']),
    )
    .option(
      '--student-epochs <n>',
      'one-shot: passes over labelled and pseudo-labelled slices (default: as --epochs)',
      wholeNumber(1),
    )
    .option(
      '--ratio <n>',
      'mean-teacher: unlabelled slices for each labelled one (default: 1)',
      wholeNumber(1),
    )
    .addOption(
      new Option(
        '--confidence <how>',
        'mean-teacher: learn where the teacher reaches a threshold (default), or everywhere by how sure it is',
      ).choices(['threshold', 'weighted']),
    )
    .option(
      '--confidence-threshold <p>',
      'mean-teacher: of a pixel being infected or not (default: 0.95)',
      numberBetween(0.5, 1),
    )
    .option(
      '--unlabelled-weight <w>',
      'mean-teacher: weight of what unlabelled slices add (default: 1)',
      numberBetween(0, Infinity),
    );
}

/** Options of Algorithm 1. */
export function addRoundChoices(command: Command): void {
  command
    .option('--group-size <k>', 'unlabelled slices labelled in one round (default: 5)', wholeNumber(1))
    .addOption(
      new Option('--grouping <how>', 'random (default), or slices of different volumes together').choices([
        'random',
        'volume',
      ]),
    )
    .addOption(
      new Option(
        '--remainder <what>',
        'slices that fill no group: keep them as a smaller one (default), or drop them (released code)',
      ).choices(['keep', 'drop']),
    )
    .addOption(
      new Option('--labels <kind>', 'pseudo labels as grey maps (default) or cut').choices([
        'soft',
        'binary',
      ]),
    )
    .addOption(
      new Option(
        '--stretch <how>',
        'stretch each map to its full range (default, released code), or not',
      ).choices(['min-max', 'none']),
    )
    .addOption(
      new Option(
        '--pseudo-weights <how>',
        'pixels of pseudo labels count alike (default), or by how sure the network was of them',
      ).choices(['uniform', 'certainty']),
    )
    .option('--round-epochs <n>', 'passes in each round (default: 9)', wholeNumber(1));
}

/** Options of what follows Algorithm 1. */
export function addPreTrainingChoices(command: Command): void {
  command
    .addOption(
      new Option(
        '--pre-train-on <what>',
        'pseudo-labelled slices alone (default), or labelled ones too (released code)',
      ).choices(['pseudo', 'hybrid']),
    )
    .option('--pre-train-epochs <n>', 'passes over the pseudo-labelled slices', wholeNumber(1));
}
