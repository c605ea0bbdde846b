import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tests start the real program, so what it runs has to be what `src` says. */
export default function buildFirst(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const compiler = fileURLToPath(new URL('../../../node_modules/typescript7/bin/tsc', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', 'tsconfig.lib.json'], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the command line does not build:\n${stdout}`);
}
