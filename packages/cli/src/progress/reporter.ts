import { Bars } from './bars.js';
import type { CliEvent } from './events.js';
import { textOf } from './text.js';

/** The streams a command writes to; `process` fits. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** A stream, and whether a person is looking at it. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly jsonLog?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

/**
 * Tells what a command does: JSON lines on stdout where a program reads it (`--json-log`, or stdout is no terminal), text
 * and bars on stderr for people.
 */
export class Reporter {
  readonly #terminal: Terminal;
  readonly #options: CommonOptions;
  readonly #json: boolean;
  readonly #bars: Bars | undefined;

  constructor(terminal: Terminal, options: CommonOptions = {}, { json = true }: { json?: boolean } = {}) {
    this.#terminal = terminal;
    this.#options = options;
    const piped = terminal.stdout.isTTY !== true && options.quiet !== true;
    this.#json = json && (options.jsonLog === true || piped);
    const bars = terminal.stderr.isTTY === true && !options.jsonLog && !options.quiet;
    this.#bars = bars && options.progress !== false ? new Bars(terminal.stderr) : undefined;
  }

  /** Tells one event to whoever listens. */
  emit(event: CliEvent): void {
    const advance = event.event === 'progress' || event.event === 'step';
    if (this.#json && !(advance && this.#options.progress === false)) {
      this.#terminal.stdout.write(`${JSON.stringify(event)}\n`);
    }
    this.#bars?.show(event);
    if (this.#options.quiet && event.event !== 'failure') return;
    const text = textOf(event);
    if (text !== undefined) this.#say(text);
  }

  /** The answer of a command that is asked a question (a table, a listing): on stdout unless JSON lines go there. */
  answer(text: string): void {
    this.#bars?.clear();
    const stream = this.#json ? this.#terminal.stderr : this.#terminal.stdout;
    if (!(this.#json && this.#options.quiet)) stream.write(`${text}\n`);
  }

  /** Ends the bars, so that the cursor is where it was. */
  close(): void {
    this.#bars?.close();
  }

  #say(text: string): void {
    this.#bars?.clear();
    this.#terminal.stderr.write(`${text}\n`);
    this.#bars?.redraw();
  }
}
