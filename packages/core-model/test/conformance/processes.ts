import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from '../bundle.js';
import type { CaseResult } from './case.js';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

/** What a process of child.ts told. */
export interface ChildReport {
  /** Why the backend cannot be used; absent when it can. */
  readonly unavailable?: string;
  readonly device?: string;
  readonly results: readonly CaseResult[];
  /** How the process ended: 0, or something went wrong outside of the cases. */
  readonly code: number | null;
}

/** A backend that is tried in a process of its own. */
export interface ChildBackend {
  readonly backend: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs child.ts: the suite on one backend, or only whether it starts. */
export async function runChild({ backend, env }: ChildBackend, probeOnly: boolean): Promise<ChildReport> {
  const program = await bundleForNode(new URL('child.ts', import.meta.url), 'conformance');
  const child = spawn(process.execPath, [program, backend, GOLDEN, ...(probeOnly ? ['probe'] : [])], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve) => void child.on('close', resolve));
  const results: CaseResult[] = [];
  let selected: { unavailable?: string; device?: string } = {};
  for await (const line of createInterface(child.stdout)) {
    const message = JSON.parse(line) as CaseResult | { unavailable?: string; device?: string };
    if ('name' in message) results.push(message);
    else selected = message;
  }
  return { ...selected, results, code: await ended };
}
