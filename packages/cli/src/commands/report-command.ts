import type { Command } from 'commander';
import { finishCommand, type Execute } from '../command-line/finish-command.js';
import type { ReportOptions } from './report.js';

/** Defines `infnet report`. */
export function addReport(program: Command, execute: Execute): void {
  const command = program
    .command('report')
    .summary('make a page of a training')
    .description(
      'Make a page of a run folder of train, pseudo-label or ablate, finished or still under way: curves, slices through\n' +
        'the training, figures, recipe. It is one file that asks nothing of the net and names no slice, patient or path.',
    )
    .argument('<run>', 'run folder')
    .option('-o, --output <file>', 'where to write the page (default: report.html in the run folder)')
    .option('--no-samples', 'show no slices')
    .addHelpText('after', '\nExample:\n  $ infnet report runs/first -o first.html');
  finishCommand(command, 'report', execute, async (run: string, options: ReportOptions) => {
    const { report } = await import('./report.js');
    return (context) => report(run, options, context);
  });
}
