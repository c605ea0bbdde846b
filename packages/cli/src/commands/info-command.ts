import type { Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { wholeNumber } from '../options.js';
import type { InfoOptions } from './info.js';

/** Defines `infnet info`. */
export function addInfo(program: Command, execute: Execute): void {
  const command = program
    .command('info')
    .summary('describe an image, a model file or a network')
    .description(
      'Describe an image, a volume, a model, or a network by its name, such as inf-net or unet++; without either,\n' +
        'print versions.',
    )
    .argument('[file]', 'image, volume, DICOM, safetensors or .pth, or the name of a network')
    .option('-s, --size <px>', "images that a network's multiply-adds are counted for", wholeNumber(1))
    .option('--json', 'print JSON')
    .option('--show-patient', 'also print what a DICOM file says of its patient');
  finishCommand(command, 'info', execute, async (file: string | undefined, options: InfoOptions) => {
    const { info } = await import('./info.js');
    return (context) => info(file, options, context);
  });
}
