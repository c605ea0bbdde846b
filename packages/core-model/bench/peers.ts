import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tfjsNodeFolder } from '../../../scripts/tfjs-node-folder.mjs';
import { bundleForNode } from '../test/bundle.js';

/** Milliseconds of each run in a process of its own, or why it cannot run here. */
export type PeerTimes = readonly number[] | string;

/** Runs a script of `pytorch/` with the first Python that has the modules it needs. */
export function runPython(script: string, args: readonly (string | number)[]): PeerTimes {
  const path = fileURLToPath(new URL(`pytorch/${script}`, import.meta.url));
  let why = 'no Python';
  for (const python of ['/usr/bin/python3', 'python3']) {
    const times = timesOf(python, [path, ...args]);
    if (typeof times !== 'string') return times;
    why = times;
  }
  return why;
}

/** Runs native-forward.ts: the `node` backend, as installed or as build-tfjs-node.mjs made it. */
export async function runNodeBackend(args: readonly (string | number)[]): Promise<PeerTimes> {
  const program = await bundleForNode(new URL('native-forward.ts', import.meta.url));
  const folder = process.env['INFNET_BACKEND_PACKAGES'] ?? tfjsNodeFolder();
  return timesOf(
    process.execPath,
    [program, ...args],
    existsSync(folder) ? { INFNET_BACKEND_PACKAGES: folder } : {},
  );
}

/** The upper of the two in the middle, where there are two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The median and the fastest of the runs, or why there are none. */
export function inWords(times: PeerTimes): string {
  if (typeof times === 'string') return `skipped: ${times}`;
  return `${median(times).toFixed(0)} ms, the median of ${times.length} runs; the fastest ${Math.min(...times).toFixed(0)} ms`;
}

function timesOf(
  program: string,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): PeerTimes {
  const { status, stdout, stderr, error } = spawnSync(program, args.map(String), {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (error || status !== 0)
    return (error?.message ?? stderr).match(/.*(?:Error|backend).*/)?.[0] ?? 'it failed';
  return stdout.trim().split(/\s+/).map(Number);
}
