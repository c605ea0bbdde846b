import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { swiftShaderEnvironment } from '../../../../scripts/chromium.mjs';
import { bundleForNode } from '../bundle.js';
import type { CaseResult } from './case.js';
import type { Extent } from './run-cases.js';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

/** What a process of {@link runInChild} told. */
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

/** Runs a program of {@link runInChild}: its cases on one backend, or only whether it starts. */
export async function runChild(
  entry: URL,
  { backend, env }: ChildBackend,
  extent: Extent | 'none',
): Promise<ChildReport> {
  const program = await bundleForNode(entry);
  const child = spawn(process.execPath, [program, backend, GOLDEN, extent], {
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

/** Where Dawn finds a GPU: the machine's own where there is one, else the SwiftShader of Chromium. */
export async function dawnEnvironment(entry: URL): Promise<Readonly<Record<string, string>>> {
  const { unavailable } = await runChild(entry, { backend: 'webgpu', env: {} }, 'none');
  return unavailable === undefined ? {} : swiftShaderEnvironment();
}
