/** The repository as its next release would have it, in a folder of its own. For check-packages.mjs. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, run } from './run-program.mjs';
import { pendingChanges, versionFaults } from './version-faults.mjs';
import { manifestOf, packageFolders, root } from './workspace.mjs';

/** Something to release, even right after a release. */
const CHANGE = `---\n'@infnet/losses': patch\n---\n\nA change that the rehearsal of a release makes.\n`;

/**
 * Copies the working tree, versions it with `npm run version`, and builds it.
 *
 * @param folder a new folder
 * @returns what is wrong with versions, change logs, ranges and lockfile, in words
 */
export function releaseCopy(folder) {
  copyTree(folder);
  linkModules(folder);
  writeFileSync(join(folder, '.changeset', 'rehearsal.md'), CHANGE);
  commitAll(folder);
  const before = new Map(
    packageFolders(folder)
      .map(manifestOf)
      .map(({ name, version }) => [name, version]),
  );
  const changes = pendingChanges(folder);
  npm(['run', 'version'], { cwd: folder });
  const faults = versionFaults(folder, before, changes);
  npm(['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  run(join(root, 'node_modules/typescript7/bin/tsc'), ['-b'], { cwd: folder });
  return faults;
}

/** What git knows of, or would take. */
function copyTree(folder) {
  const { stdout } = git(['ls-files', '--cached', '--others', '--exclude-standard', '-z'], root);
  for (const name of stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name), { verbatimSymlinks: true });
  }
}

/** What is installed here is installed there; the packages themselves are the copy's. */
function linkModules(folder) {
  for (const place of [
    '.',
    ...packageFolders().map((path) => join('packages', path.split(/[\\/]/).at(-1))),
  ]) {
    const modules = join(root, place, 'node_modules');
    if (!existsSync(modules)) continue;
    mkdirSync(join(folder, place, 'node_modules'), { recursive: true });
    for (const name of readdirSync(modules)) {
      if (name !== '@infnet')
        symlinkSync(join(modules, name), join(folder, place, 'node_modules', name), 'junction');
    }
  }
  const own = join(folder, 'node_modules', '@infnet');
  mkdirSync(own);
  for (const path of packageFolders(folder)) {
    symlinkSync(path, join(own, manifestOf(path).name.split('/')[1]), 'junction');
  }
}

/** The change logs name the commits that changes came with. */
function commitAll(folder) {
  git(['init', '--quiet', '--initial-branch=main'], folder);
  git(['add', '--all'], folder);
  const who = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@example.org'];
  git(
    [...who, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--no-verify', '--message=rehearsal'],
    folder,
  );
}

function git(args, cwd) {
  const answer = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (answer.error) throw answer.error;
  if (answer.status !== 0) throw new Error(`git ${args[0]}: ${answer.stderr}`);
  return answer;
}
