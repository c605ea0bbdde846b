import { CommanderError, type Command } from 'commander';
import { COULD_NOT_RUN, INTERRUPTED, type CommandContext, type Outcome } from './context.js';
import { describeFailure, isAbort, type Failure } from './errors.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { Execute } from './command-line/finish-command.js';
import { createProgram } from './program.js';
import { Reporter, type CommonOptions, type Terminal } from './progress/reporter.js';
import { VERSION } from './version.js';

/** What {@link run} needs to know besides the arguments. */
export interface RunOptions {
  readonly terminal?: Terminal;
  /** Abort to stop cleanly, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** Commands that answer a question: their `--json` is the answer, so no events go to stdout on their own. */
const QUESTIONS: ReadonlySet<string> = new Set(['info', 'doctor']);

/**
 * Runs the command line and gives the exit code; never throws, never ends the process.
 *
 * @param argv the arguments after the program's name
 *
 * @example
 * ```ts
 * import { run } from '@infnet/cli';
 *
 * process.exitCode = await run(['info', '--quiet']);
 * ```
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<ExitCode> {
  const { terminal = process, signal = new AbortController().signal } = options;
  let exitCode: ExitCode = EXIT.all;
  const execute: Execute = async (name, common, command) => {
    const events = !QUESTIONS.has(name) || common.jsonLog === true;
    const reporter = new Reporter(terminal, common, { json: events });
    exitCode = await runCommand(name, command, { reporter, signal });
  };
  const program = createProgram(execute);
  prepare(program, terminal);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.all;
    const reporter = new Reporter(terminal, guessOptions(argv));
    reporter.emit({ event: 'failure', ...usageFailure(error, argv, program) });
    return EXIT.none;
  }
}

async function runCommand(
  name: string,
  command: (context: CommandContext) => Promise<Outcome>,
  context: CommandContext,
): Promise<ExitCode> {
  const { reporter } = context;
  const started = performance.now();
  reporter.emit({ event: 'start', command: name, version: VERSION, time: new Date().toISOString() });
  const outcome = await command(context).catch((error: unknown) => failed(error, context));
  reporter.emit({ event: 'end', ...outcome, seconds: (performance.now() - started) / 1000 });
  reporter.close();
  return outcome.exitCode;
}

/** Tells what a command threw. */
function failed(error: unknown, { reporter, signal }: CommandContext): Outcome {
  if (isAbort(error, signal)) {
    reporter.emit({ event: 'note', message: 'stopped' });
    return INTERRUPTED;
  }
  reporter.emit({ event: 'failure', ...describeFailure(error) });
  if (process.env['INFNET_DEBUG']) reporter.emit({ event: 'note', message: stackOf(error) });
  return COULD_NOT_RUN;
}

/** commander throws instead of exiting, and leaves telling about errors to us. */
function prepare(program: Command, terminal: Terminal): void {
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
    });
  }
}

function usageFailure(error: unknown, argv: readonly string[], program: Command): Failure {
  if (!(error instanceof CommanderError)) return describeFailure(error);
  const name = program.commands.find((command) => argv.includes(command.name()))?.name();
  const help = `run \`infnet ${name === undefined ? '' : `${name} `}--help\` for what there is`;
  if (error.code === 'commander.help') return { code: 'usage', message: 'no command given', hint: help };
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint =
    suggestion === undefined ? help : `${suggestion.replace(/^\((.*)\)$/, '$1')} Otherwise ${help}`;
  return { code: 'usage', message, hint };
}

/** The common options where parsing failed, so that the failure itself is told in the right form. */
function guessOptions(argv: readonly string[]): CommonOptions {
  return { jsonLog: argv.includes('--json-log'), quiet: argv.includes('--quiet') || argv.includes('-q') };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
