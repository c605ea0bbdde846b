import { Option, type Command } from 'commander';

/** Options of training a network that tells classes apart. */
export function addClassChoices(command: Command): void {
  command
    .addOption(
      new Option('--task <what>', 'find infection (default), or tell its classes apart').choices([
        'infection',
        'multi-class',
      ]),
    )
    .addOption(
      new Option(
        '--prior-model <file>',
        'multi-class: the Inf-Net or Semi-Inf-Net whose infection maps guide the network',
      ).conflicts(['priorDir', 'prior']),
    )
    .addOption(
      new Option(
        '--prior-dir <folder>',
        'multi-class: infection maps named like the images (default: Prior/ of the data folder)',
      ).conflicts('prior'),
    )
    .addOption(
      new Option(
        '--prior <what>',
        'multi-class: guide by the true masks as the released code does, or by nothing',
      ).choices(['true-masks', 'none']),
    )
    .addOption(
      new Option('--network <name>', 'multi-class: architecture (default: multi-class-unet)').choices([
        'multi-class-unet',
        'fcn8s',
        'deeplabv3+',
        'unet',
        'unet++',
        'attention-unet',
        'gated-unet',
        'dense-unet',
      ]),
    )
    .addOption(
      new Option('--loss <name>', "multi-class: what is minimised (default: the preset's)").choices([
        'cross-entropy-dice',
        'cross-entropy',
        'reference',
      ]),
    )
    .option(
      '--classes <names>',
      'multi-class: names of the labels from 1, with commas (default: ground-glass,consolidation)',
    );
}
