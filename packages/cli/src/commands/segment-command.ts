import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import { ALLOW_UNEVEN, numberBetween, sideLength, wholeNumber, windowChoice } from '../options.js';
import type { SegmentOptions } from '../segment/segment-options.js';

/** Defines `infnet segment`. */
export function addSegment(program: Command, execute: Execute): void {
  const command = program
    .command('segment')
    .summary('mark infected regions in images and volumes')
    .description(
      'Mark infected regions in CT: DICOM folders, files and ZIP archives, NIfTI, NRRD and MetaImage volumes, PNG and\n' +
        'JPEG slices. Folders are searched with their sub-folders; DICOM files are sorted into series.\n' +
        'Writes masks with the geometry of the input, the lungs, overlays, report.json and report.html.',
    )
    .argument('<input...>', 'files, folders or archives')
    .requiredOption('-o, --output <folder>', 'folder for the results')
    .option(
      '-m, --model <file>',
      'safetensors or .pth file of an Inf-Net (default: the demo model, trained on phantoms)',
    )
    .option(
      '--multi-class <file>',
      'also tell classes apart, such as ground-glass and consolidation, by a model of `train --task multi-class`',
    )
    .option('-b, --backend <name>', 'auto, cuda, node, webgpu, wasm or cpu', 'auto')
    .option(
      '-t, --threshold <p>',
      'probability from which a pixel counts as infected',
      numberBetween(0, 1),
      0.5,
    )
    .option(
      '-s, --size <pixels>',
      "side length the network sees (default: the model's own, else 352)",
      sideLength,
    )
    .option('-w, --window <window>', 'grey window for HU: a name or CENTER,WIDTH', windowChoice)
    .option('--save-probability', 'also write probability maps')
    .option(
      '--workers <n>',
      'slices at the same time, each in a worker with the whole model (wasm, cpu)',
      wholeNumber(0),
    )
    .addOption(
      new Option('-f, --format <ending>', 'of the masks of volumes')
        .choices(['nii.gz', 'nii', 'nrrd', 'mha'])
        .default('nii.gz'),
    )
    .option('--gate <file>', 'slice gate (infnet train-gate): slices that it calls healthy get an empty mask')
    .option(
      '--gate-threshold <p>',
      'probability of infection below which a slice is healthy (default: 0.5)',
      numberBetween(0, 1),
    )
    .option('--dicom', 'also write the mask as DICOM SEG and the figures as a DICOM report, for DICOM inputs')
    .option('--deidentify', 'with --dicom: leave the patient and the dates out (a listed set of tags)')
    .option('--lung-mask <path>', 'lung or lobe mask of the input; a folder of masks named like the inputs')
    .option('--no-lung-mask', 'do not look for lungs')
    .option('--allow-uneven', ALLOW_UNEVEN)
    .option('--compare', 'the inputs are scans of one patient in order of time: report what changed')
    .addOption(new Option('--overwrite', 'replace earlier results').conflicts('continue'))
    .option('--continue', 'keep earlier results and do what is missing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ infnet segment scan.nii.gz -o results\n  $ infnet segment slices/ -o results --model run/best.safetensors\n' +
        '  $ infnet segment slices/ -o results --multi-class classes/model.safetensors\n' +
        '  $ infnet segment dicom-january/ dicom-march/ -o results --compare',
    );
  finishCommand(command, 'segment', execute, async (inputs: string[], options: SegmentOptions) => {
    const { segment } = await import('./segment.js');
    return (context) => segment(inputs, options, context);
  });
}
