import { Option, type Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import type { DoctorOptions } from './doctor.js';

/** Defines `infnet doctor`. */
export function addDoctor(program: Command, execute: Execute): void {
  const command = program
    .command('doctor')
    .summary('print what a bug report needs')
    .description(
      'Print one block about this machine to paste into an issue: versions, memory, backends. No file is read.',
    )
    .option('--json', 'print JSON')
    .addOption(new Option('--only <backend>', 'look at this backend alone').hideHelp());
  finishCommand(command, 'doctor', execute, async (options: DoctorOptions) => {
    const { doctor } = await import('./doctor.js');
    return (context) => doctor(options, context);
  });
}
