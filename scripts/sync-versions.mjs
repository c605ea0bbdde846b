/**
 * Carries the packages' versions, as `changeset version` has set them, to where it does not look: the constant of a
 * package's src/version.ts, and the ranges of the examples, which are no workspaces. Part of `npm run version`.
 *
 *     node scripts/sync-versions.mjs
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, packageFolders, root } from './workspace.mjs';

const versions = new Map();
for (const folder of packageFolders()) {
  const { name, version } = manifestOf(folder);
  versions.set(name, version);
  const file = join(folder, 'src', 'version.ts');
  if (!existsSync(file)) continue;
  replace(file, /(?<=export const VERSION = ')[^']+/g, () => version);
}
const examples = join(root, 'docs', 'examples');
for (const name of readdirSync(examples)) {
  const file = join(examples, name, 'package.json');
  if (!existsSync(file)) continue;
  replace(file, /"(@infnet\/[^"]+)": "\^[^"]+"/g, (_, dependency) => {
    return `"${dependency}": "^${versions.get(dependency)}"`;
  });
}

function replace(file, pattern, by) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(pattern, by));
}
