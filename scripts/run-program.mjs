/** Runs other programs as a user's shell would: for the checks of the packages. */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { manifestOf, root } from './workspace.mjs';

/** Runs npm and returns what it printed; throws with all of it when it fails. */
export function npm(args, options) {
  const beside = process.env['npm_execpath'];
  if (beside !== undefined && /npm-cli\.[cm]?js$/.test(beside)) return run(beside, args, options);
  return output(
    spawnSync('npm', args, spawnOptions({ shell: process.platform === 'win32', ...options })),
    'npm',
    args,
  );
}

/** Runs a JavaScript program with Node and returns what it printed; throws with all of it when it fails. */
export function run(program, args, options) {
  return output(
    spawnSync(process.execPath, [program, ...args], spawnOptions(options)),
    basename(program),
    args,
  );
}

/** Runs Node in a folder; anything on stderr is a failure, for it would be in every user's log. */
export function runSilently(args, cwd) {
  const { status, stderr } = spawnSync(process.execPath, args, spawnOptions({ cwd }));
  if (status !== 0 || stderr !== '') throw new Error(`exit code ${status}, stderr: ${stderr}`);
}

/** The file behind an installed tool's command. */
export function bin(name, command) {
  const folder = join(root, 'node_modules', name);
  const entry = manifestOf(folder).bin;
  return join(folder, typeof entry === 'string' ? entry : entry[command]);
}

function spawnOptions(options) {
  return { encoding: 'utf8', env: cleanEnv(), ...options };
}

function output({ status, stdout, stderr, error }, program, args) {
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`);
  return stdout;
}

/** Without what `npm run` adds (its npm_config_* would steer the npm started here) and without NODE_OPTIONS. */
function cleanEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) =>
        !/^npm_(config_(local_prefix|dry_run|workspace)|package|lifecycle)/i.test(key) &&
        key !== 'NODE_OPTIONS',
    ),
  );
}
