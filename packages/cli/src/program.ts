import { Command, Option } from 'commander';
import type { ConvertOptions } from './commands/convert.js';
import type { DatasetOptions } from './commands/dataset.js';
import type { DemoOptions } from './commands/demo.js';
import type { DoctorOptions } from './commands/doctor.js';
import type { EvaluateOptions } from './commands/evaluate.js';
import type { InfoOptions } from './commands/info.js';
import type { PseudoLabelOptions } from './commands/pseudo-label.js';
import type { TrainOptions } from './commands/train.js';
import type { CommandContext, Outcome } from './context.js';
import { numberBetween, share, sideLength, spacingChoice, wholeNumber, windowChoice } from './options.js';
import type { CommonOptions } from './progress/reporter.js';
import type { SegmentOptions } from './segment/segment-inputs.js';
import { VERSION } from './version.js';

/** How the program hands a parsed command over: the module behind it is loaded only now. */
export type Execute = (
  name: string,
  options: CommonOptions,
  command: (context: CommandContext) => Promise<Outcome>,
) => Promise<void>;

const EXIT_CODES = `
Exit codes: 0 all done, 1 some inputs failed, 2 could not run, 130 stopped by Ctrl-C.
For research; not a medical device.`;

/** The argument parser. It knows every option and imports nothing heavy, so that help is immediate. */
export function createProgram(execute: Execute): Command {
  const program = new Command('infnet')
    .description('Inf-Net: find lung infection in CT slices and volumes, train it, measure it.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', EXIT_CODES);
  addSegment(program, execute);
  addTrain(program, execute);
  addPseudoLabel(program, execute);
  addEvaluate(program, execute);
  addDataset(program, execute);
  addDemo(program, execute);
  addConvert(program, execute);
  addInfo(program, execute);
  addDoctor(program, execute);
  return program;
}

function addSegment(program: Command, execute: Execute): void {
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
    .option('--lung-mask <path>', 'lung or lobe mask of the input; a folder of masks named like the inputs')
    .option('--no-lung-mask', 'do not look for lungs')
    .option('--compare', 'the inputs are scans of one patient in order of time: report what changed')
    .addOption(new Option('--overwrite', 'replace earlier results').conflicts('continue'))
    .option('--continue', 'keep earlier results and do what is missing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ infnet segment scan.nii.gz -o results\n  $ infnet segment slices/ -o results --model run/best.safetensors\n' +
        '  $ infnet segment dicom-january/ dicom-march/ -o results --compare',
    );
  finish(command, 'segment', execute, async (inputs: string[], options: SegmentOptions) => {
    const { segment } = await import('./commands/segment.js');
    return (context) => segment(inputs, options, context);
  });
}

function addTrain(program: Command, execute: Execute): void {
  const command = program
    .command('train')
    .summary('train an Inf-Net on labelled slices, or a Semi-Inf-Net')
    .description(
      "Train an Inf-Net on a folder in the authors' layout: Imgs/, GT/ and, if you have them, Edge/.\n" +
        'Images and masks are paired by name. The same command with --resume takes a stopped run up again.\n' +
        'With --semi, slices without masks are labelled by Algorithm 1 of the paper and learnt from as well.',
    )
    .argument('<data>', 'folder with Imgs/ and GT/')
    .requiredOption('-o, --output <folder>', 'run folder: model, checkpoints, log')
    .option('--semi <folder>', 'unlabelled slices: train a Semi-Inf-Net');
  addTrainingChoices(command);
  addRoundChoices(command);
  addPreTrainingChoices(command);
  command.addHelpText(
    'after',
    '\nExamples:\n  $ infnet train Doctor-label -o run --preset short --seed 1\n  $ infnet train Doctor-label --semi Unlabelled -o run',
  );
  finish(command, 'train', execute, async (data: string, options: TrainOptions) => {
    const { train } = await import('./commands/train.js');
    return (context) => train(data, options, context);
  });
}

function addPseudoLabel(program: Command, execute: Execute): void {
  const command = program
    .command('pseudo-label')
    .summary('label slices by random propagation (Algorithm 1)')
    .description(
      'Label a folder of slices group by group, learning from each group before the next: Algorithm 1 of the paper.\n' +
        'Without --init, an Inf-Net is trained on the labelled slices first. A stopped run goes on with --resume.',
    )
    .requiredOption('--labelled <folder>', 'folder with Imgs/ and GT/')
    .requiredOption('--unlabelled <folder>', 'folder of slices, or with slices in Imgs/')
    .requiredOption('-o, --output <folder>', 'run folder; the labels end in propagation/labels');
  addTrainingChoices(command);
  addRoundChoices(command);
  finish(command, 'pseudo-label', execute, async (options: PseudoLabelOptions) => {
    const { pseudoLabel } = await import('./commands/pseudo-label.js');
    return (context) => pseudoLabel(options, context);
  });
}

/** Options of everything that trains. */
function addTrainingChoices(command: Command): void {
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
    .option('--resume', 'go on where the run folder stopped');
}

/** Options of Algorithm 1. */
function addRoundChoices(command: Command): void {
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
    .option('--round-epochs <n>', 'passes in each round (default: 9)', wholeNumber(1));
}

/** Options of what follows Algorithm 1. */
function addPreTrainingChoices(command: Command): void {
  command
    .addOption(
      new Option(
        '--pre-train-on <what>',
        'pseudo-labelled slices alone (default), or labelled ones too (released code)',
      ).choices(['pseudo', 'hybrid']),
    )
    .option('--pre-train-epochs <n>', 'passes over the pseudo-labelled slices', wholeNumber(1));
}

function addEvaluate(program: Command, execute: Execute): void {
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
  finish(command, 'evaluate', execute, async (options: EvaluateOptions) => {
    const { evaluate } = await import('./commands/evaluate.js');
    return (context) => evaluate(options, context);
  });
}

function addDataset(program: Command, execute: Execute): void {
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
  finish(command, 'dataset', execute, async (volumes: string[], options: DatasetOptions) => {
    const { dataset } = await import('./commands/dataset.js');
    return (context) => dataset(volumes, options, context);
  });
}

function addDemo(program: Command, execute: Execute): void {
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
  finish(command, 'demo', execute, async (options: DemoOptions) => {
    const { demo } = await import('./commands/demo.js');
    return (context) => demo(options, context);
  });
}

function addConvert(program: Command, execute: Execute): void {
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
    .option('-w, --window <window>', 'grey window of PNG slices: a name or CENTER,WIDTH', windowChoice)
    .option('--spacing <mm>', 'voxel size of a volume made of pictures: COLUMNS,ROWS,SLICES', spacingChoice)
    .option('--overwrite', 'replace an earlier file')
    .addHelpText(
      'after',
      '\nExamples:\n  $ infnet convert Inf-Net-100.pth inf-net.safetensors\n' +
        '  $ infnet convert inf-net.safetensors inf-net.onnx --size 352\n' +
        '  $ infnet convert dicom/ scan.nii.gz\n  $ infnet convert scan.nii.gz slices/ --window lung',
    );
  finish(command, 'convert', execute, async (input: string, output: string, options: ConvertOptions) => {
    const { convert } = await import('./commands/convert.js');
    return (context) => convert(input, output, options, context);
  });
}

function addInfo(program: Command, execute: Execute): void {
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
  finish(command, 'info', execute, async (file: string | undefined, options: InfoOptions) => {
    const { info } = await import('./commands/info.js');
    return (context) => info(file, options, context);
  });
}

function addDoctor(program: Command, execute: Execute): void {
  const command = program
    .command('doctor')
    .summary('print what a bug report needs')
    .description(
      'Print one block about this machine to paste into an issue: versions, memory, backends. No file is read.',
    )
    .option('--json', 'print JSON')
    .addOption(new Option('--only <backend>', 'look at this backend alone').hideHelp());
  finish(command, 'doctor', execute, async (options: DoctorOptions) => {
    const { doctor } = await import('./commands/doctor.js');
    return (context) => doctor(options, context);
  });
}

type Runner = (context: CommandContext) => Promise<Outcome>;

/** Adds what every command has, and the action. `load` gets commander's arguments: operands, then the options. */
function finish(
  command: Command,
  name: string,
  execute: Execute,
  load: (...args: never[]) => Promise<Runner>,
): void {
  command
    .option('--json-log', 'JSON lines on stdout, one event a line (default when stdout is no terminal)')
    .option('-q, --quiet', 'say nothing but errors')
    .option('--no-progress', 'no progress bars and no progress events')
    .action(async (...args: unknown[]) => {
      const options = command.opts<CommonOptions>();
      await execute(name, options, async (context) => {
        const run = await load(...(args.slice(0, -1) as never[]));
        return run(context);
      });
    });
}
