import type { Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { wholeNumber } from '../options.js';
import type { DemoOptions } from './demo.js';

/** Defines `infnet demo`. */
export function addDemo(program: Command, execute: Execute): void {
  const command = program
    .command('demo')
    .summary('segment a synthetic CT volume, to see it work')
    .description(
      'Write a synthetic chest CT (a phantom) as .nii.gz, segment it with the shipped model, and compare with the truth.',
    )
    .option(
      '-o, --output <folder>',
      'folder for the results; replaced if it holds an earlier demo',
      'infnet-demo',
    )
    .option('--seed <n>', 'which phantom', wholeNumber(0), 2024)
    .option('-b, --backend <name>', 'auto, cuda, node, webgpu, wasm or cpu', 'auto');
  finishCommand(command, 'demo', execute, async (options: DemoOptions) => {
    const { demo } = await import('./demo.js');
    return (context) => demo(options, context);
  });
}
