import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'infnet-metrics-bench-'));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The numbers that a peer prints, or why it cannot run here. */
export type PeerAnswer = readonly number[] | string;

/** Writes bytes to a file of their own for a peer to read. */
export function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Compiles a C file with cc -O3 and returns a way to run it; undefined without a compiler. */
export function compileC(name: string): ((args: readonly (string | number)[]) => PeerAnswer) | undefined {
  const program = join(folder, name);
  const compiler = process.env['CC'] ?? 'cc';
  const { status } = spawnSync(compiler, ['-O3', '-march=native', '-o', program, here(`${name}.c`)]);
  return status === 0 ? (args) => answer(program, args) : undefined;
}

/** Runs a JavaScript file with this Node. */
export function runNode(name: string, args: readonly (string | number)[]): PeerAnswer {
  return answer(process.execPath, [here(`${name}.mjs`), ...args]);
}

/** Runs a Python file with the first interpreter that has the modules it needs; threads are kept to one. */
export function runPython(name: string, args: readonly (string | number)[]): PeerAnswer {
  let why = 'no Python';
  for (const python of ['/usr/bin/python3', 'python3']) {
    const result = answer(python, [here(`${name}.py`), ...args]);
    if (typeof result !== 'string') return result;
    why = result;
  }
  return why;
}

function answer(program: string, args: readonly (string | number)[]): PeerAnswer {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { status, stdout, stderr, error } = spawnSync(program, args.map(String), { encoding: 'utf8', env });
  if (error || status !== 0) return (error?.message ?? stderr).trim().split('\n').at(-1) ?? 'failed';
  return stdout.trim().split(/\s+/).map(Number);
}
