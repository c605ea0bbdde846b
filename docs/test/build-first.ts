import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Examples run as a user would run them, on the packages' compiled code, so that has to be what `src` says. */
export default function buildFirst(): void {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-b'], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the packages do not build:\n${stdout}`);
}
