/** Whether a repository that `npm run version` has versioned is fit to be published. For check-packages.mjs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, packageFolders } from './workspace.mjs';

const RANGES = ['dependencies', 'peerDependencies', 'devDependencies'];

/**
 * The changesets of a repository that wait for a release.
 *
 * @returns for each the packages that it names, and its text
 */
export function pendingChanges(base) {
  const folder = join(base, '.changeset');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      const [, head = '', body = ''] = text.match(/^---\n([^]*?)\n---\n([^]*)$/) ?? [];
      return {
        packages: [...head.matchAll(/^['"]?(@[^'":]+)['"]?:/gm)].map(([, name_]) => name_),
        text: body.trim(),
      };
    });
}

/**
 * @param base the versioned repository
 * @param before versions by package, before
 * @param changes what {@link pendingChanges} gave before
 * @returns what is wrong, in words
 */
export function versionFaults(base, before, changes) {
  const faults = [];
  const folders = packageFolders(base);
  const versions = new Map(folders.map(manifestOf).map(({ name, version }) => [name, version]));
  const { fixed } = JSON.parse(readFileSync(join(base, '.changeset', 'config.json'), 'utf8'));

  for (const group of fixed) {
    const found = new Set(group.map((name) => versions.get(name)));
    if (found.size > 1) faults.push(`versions that should be one: ${[...found].join(', ')}`);
  }
  for (const { packages } of changes) {
    for (const name of packages) {
      if (versions.get(name) === before.get(name)) faults.push(`${name} is still ${before.get(name)}`);
    }
  }
  for (const folder of folders) {
    const manifest = manifestOf(folder);
    if (manifest.version !== before.get(manifest.name))
      faults.push(...changelogFaults(folder, manifest, changes));
    faults.push(...constantFaults(folder, manifest), ...provenanceFaults(manifest));
  }
  const examples = readdirSync(join(base, 'docs', 'examples')).map((name) =>
    join(base, 'docs', 'examples', name),
  );
  for (const folder of [...folders, join(base, 'docs', 'live'), ...examples]) {
    if (existsSync(join(folder, 'package.json'))) faults.push(...rangeFaults(manifestOf(folder), versions));
  }
  return faults;
}

function changelogFaults(folder, { name, version }, changes) {
  const file = join(folder, 'CHANGELOG.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!text.startsWith(`# ${name}\n\n## ${version}\n`))
    return [`CHANGELOG.md of ${name} does not begin with ${version}`];
  const words = plainWords(text);
  return changes
    .filter((change) => change.packages.includes(name) && !words.includes(plainWords(change.text)))
    .map((change) => `CHANGELOG.md of ${name} lacks "${change.text.slice(0, 60)}"`);
}

function plainWords(text) {
  return text.split(/\s+/).join(' ');
}

function constantFaults(folder, { name, version }) {
  const file = join(folder, 'src', 'version.ts');
  if (!existsSync(file) || readFileSync(file, 'utf8').includes(`VERSION = '${version}'`)) return [];
  return [`src/version.ts of ${name} does not say ${version}`];
}

function provenanceFaults({ name, publishConfig }) {
  const { access, provenance } = publishConfig ?? {};
  return access === 'public' && provenance === true
    ? []
    : [`${name} is not published openly and with provenance`];
}

/** Packages of this repository are taken in exactly the version that is beside them; examples may take later ones. */
function rangeFaults(manifest, versions) {
  const ranges = RANGES.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
  return ranges
    .filter(([name, range]) => versions.has(name) && range.replace(/^\^/, '') !== versions.get(name))
    .map(([name, range]) => `${manifest.name} takes ${name} ${range}, which is ${versions.get(name)}`);
}
