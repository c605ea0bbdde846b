import { Command } from 'commander';
import { addAblate } from './commands/ablate-command.js';
import { addConvert } from './commands/convert-command.js';
import { addDataset } from './commands/dataset-command.js';
import { addDemo } from './commands/demo-command.js';
import { addDoctor } from './commands/doctor-command.js';
import { addEvaluate } from './commands/evaluate-command.js';
import { addInfo } from './commands/info-command.js';
import { addPseudoLabel } from './commands/pseudo-label-command.js';
import { addReport } from './commands/report-command.js';
import { addSegment } from './commands/segment-command.js';
import { addTrainGate } from './commands/train-gate-command.js';
import { addTrain } from './commands/train-command.js';
import type { Execute } from './command-line/finish-command.js';
import { VERSION } from './version.js';

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
  addTrainGate(program, execute);
  addPseudoLabel(program, execute);
  addAblate(program, execute);
  addReport(program, execute);
  addEvaluate(program, execute);
  addDataset(program, execute);
  addDemo(program, execute);
  addConvert(program, execute);
  addInfo(program, execute);
  addDoctor(program, execute);
  return program;
}
