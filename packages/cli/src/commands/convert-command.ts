import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { ALLOW_UNEVEN, sideLength, spacingChoice, wholeNumber, windowChoice } from '../options.js';
import type { ConvertOptions } from './convert.js';

/** Defines `infnet convert`. */
export function addConvert(program: Command, execute: Execute): void {
  const command = program
    .command('convert')
    .summary('convert a model, an image or a volume')
    .description(
      'Convert a model or an image; the ending of OUT says into what.\n' +
        'Models: reads safetensors, PyTorch checkpoints (.pth, zip and legacy) and model.json of TensorFlow.js; writes\n' +
        'them, and .onnx. Nothing in a file is ever run.\n' +
        'Images: reads what segment reads, and folders of slices; writes .nii, .nii.gz, .nrrd, .mha and .png; a name\n' +
        'without ending is a folder for PNG slices.',
    )
    .argument('<in>', 'file, folder or archive to read')
    .argument('<out>', 'file to write, or folder for slices')
    .addOption(new Option('--dtype <type>', 'width of the numbers').choices(['float32', 'float16']))
    .option(
      '-s, --size <pixels>',
      "side of an ONNX model's slices (default: the model's own, else 352)",
      sideLength,
    )
    .option('--dynamic-batch', 'the ONNX model takes any number of slices at once')
    .option('--series <n>', 'which DICOM series, as `infnet info` counts them', wholeNumber(1))
    .option('--allow-uneven', ALLOW_UNEVEN)
    .option('-w, --window <window>', 'grey window of PNG slices: a name or CENTER,WIDTH', windowChoice)
    .option('--spacing <mm>', 'voxel size of a volume made of pictures: COLUMNS,ROWS,SLICES', spacingChoice)
    .option('--overwrite', 'replace an earlier file')
    .addHelpText(
      'after',
      '\nExamples:\n  $ infnet convert Inf-Net-100.pth inf-net.safetensors\n' +
        '  $ infnet convert inf-net.safetensors inf-net.onnx --size 352\n' +
        '  $ infnet convert dicom/ scan.nii.gz\n  $ infnet convert scan.nii.gz slices/ --window lung',
    );
  finishCommand(
    command,
    'convert',
    execute,
    async (input: string, output: string, options: ConvertOptions) => {
      const { convert } = await import('./convert.js');
      return (context) => convert(input, output, options, context);
    },
  );
}
