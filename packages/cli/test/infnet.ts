import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliEvent } from '../src/progress/events.js';

/** The program as npm installs it. */
export const BIN: string = fileURLToPath(new URL('../bin/infnet.js', import.meta.url));

/** What a finished program left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout that are JSON events. */
  readonly events: readonly CliEvent[];
}

/** Starts the program and waits for its end. */
export function infnet(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    /** Sends SIGINT as soon as an event of this kind is seen. */
    readonly interruptAt?: CliEvent['event'];
  } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: { ...process.env, ...options.env },
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    });
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (options.interruptAt && !interrupted && stdout.includes(`{"event":"${options.interruptAt}"`)) {
        interrupted = true;
        child.kill('SIGINT');
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, events: eventsOf(stdout) }));
  });
}

/** Events of one kind. */
export function only<K extends CliEvent['event']>(
  events: readonly CliEvent[],
  kind: K,
): Extract<CliEvent, { event: K }>[] {
  return events.filter((event): event is Extract<CliEvent, { event: K }> => event.event === kind);
}

/** A new empty folder. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'infnet-cli-'));
}

function eventsOf(stdout: string): CliEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"event"'))
    .map((line) => JSON.parse(line) as CliEvent);
}
