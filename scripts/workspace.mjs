/** What the scripts beside this one share: where the packages are and where their test results go. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Absolute folders of the published packages, in alphabetical order. */
export function packageFolders(base = root) {
  const parent = join(base, 'packages');
  return readdirSync(parent)
    .toSorted()
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

/** A package's parsed package.json. */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Folders with tests of their own: the packages, and what of the site has some. */
export function testedFolders() {
  const site = ['docs', 'docs/live'].map((name) => join(root, name));
  return [...packageFolders(), ...site.filter((folder) => manifestOf(folder).scripts?.test !== undefined)];
}

/** Where vitest (see vitest.shared.ts) leaves a folder's results as JSON. */
export function testResultsFile(folder) {
  return join(folder, 'coverage', 'test-results.json');
}
