import type { Command } from 'commander';
import type { CommandContext, Outcome } from '../context.js';
import type { CommonOptions } from '../progress/reporter.js';

/** How the program hands a parsed command over: the module behind it is loaded only now. */
export type Execute = (
  name: string,
  options: CommonOptions,
  command: (context: CommandContext) => Promise<Outcome>,
) => Promise<void>;

type Runner = (context: CommandContext) => Promise<Outcome>;

/** Adds what every command has, and the action. `load` gets commander's arguments: operands, then the options. */
export function finishCommand(
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
