import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { numberBetween, sideLength, wholeNumber } from '../options.js';
import type { TrainGateOptions } from './train-gate.js';

/** Defines `infnet train-gate`. */
export function addTrainGate(program: Command, execute: Execute): void {
  const command = program
    .command('train-gate')
    .summary('train a gate that tells slices with infection from those without')
    .description(
      'Train a slice gate for a trained Inf-Net: most slices of a volume show no infection, and a network that was trained\n' +
        'on infected slices marks something in them all the same. DATA holds Imgs/ and GT/ as for `infnet train`, with slices\n' +
        'whose masks are empty among them. The network stays as it is; `infnet segment --gate` uses both.',
    )
    .argument('<data>', 'folder with Imgs/ and GT/, slices without infection among them')
    .requiredOption('-o, --output <folder>', 'run folder: gate, checkpoints, log')
    .option('-m, --model <file>', 'the Inf-Net that the gate is for (default: the demo model)')
    .option('-s, --size <pixels>', "side length of the slices (default: the model's own)", sideLength)
    .option('-e, --epochs <n>', 'passes over the slices (default: 60)', wholeNumber(1))
    .option('--lr <rate>', 'learning rate (default: 0.003)', numberBetween(0, Infinity))
    .option('--copies <n>', 'varied copies of each slice to learn from', wholeNumber(0), 4)
    .option('--seed <n>', 'of weights, order, copies and split', wholeNumber(0), 0)
    .addOption(
      new Option('--val-fraction <share>', 'share of the slices to validate on (default: 0.16)')
        .argParser(numberBetween(0, 1))
        .conflicts('valDir'),
    )
    .option('--val-dir <folder>', 'folder with Imgs/ and GT/ to validate on')
    .option('--no-validation', 'train on every slice')
    .option('-b, --backend <name>', 'auto, cuda, node, webgpu, wasm or cpu', 'auto')
    .option('--resume', 'go on where the run folder stopped')
    .addHelpText(
      'after',
      '\nExample:\n  $ infnet dataset volumes/ --masks masks/ -o data\n  $ infnet train data/train --val-dir data/val -o run\n' +
        '  $ infnet train-gate data/train --val-dir data/val --model run/model.safetensors -o gate\n' +
        '  $ infnet segment scan.nii.gz -o results --model run/model.safetensors --gate gate/model.safetensors',
    );
  finishCommand(command, 'train-gate', execute, async (data: string, options: TrainGateOptions) => {
    const { trainGate } = await import('./train-gate.js');
    return (context) => trainGate(data, options, context);
  });
}
