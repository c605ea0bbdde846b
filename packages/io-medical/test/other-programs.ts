import { spawnSync } from 'node:child_process';

/** Runs a program that may be absent. */
export function run(program: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  return { status: error === undefined ? status : null, output: `${stdout ?? ''}${stderr ?? ''}` };
}

/** Whether a program is on this machine. Tests that need it skip without it, and say so in their names. */
export function has(program: string, probe: readonly string[] = ['--version']): boolean {
  return run(program, probe).status !== null;
}

/** A Python that imports these modules, or undefined. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  return ['/usr/bin/python3', 'python3'].find(
    (python) => run(python, ['-c', `import ${modules.join(', ')}`]).status === 0,
  );
}
