/** What lies in the tarballs of the packages. For check-packages.mjs. */
import { basename, join, relative } from 'node:path';
import { bin, npm, run } from './run-program.mjs';
import { manifestOf } from './workspace.mjs';

/** What the tarball of a package must hold, and what it must not. */
const wanted = ['package.json', 'README.md', 'LICENSE'];
/** Conditions of every export: sources for this repository's own tools, types, and the code. */
const conditions = ['@infnet/source', 'types', 'default'];
const unwanted = [/^(test|bench|coverage)\//, /\.tsbuildinfo$/, /(^|\/)tsconfig/];

/**
 * `npm pack` of one package, by folder: --workspaces would pack the private docs too.
 *
 * @param base the repository
 * @param folder the package's
 * @param destination where the tarball goes
 */
export function pack(base, folder, destination) {
  const manifest = manifestOf(folder);
  const place = `./${relative(base, folder)}`;
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, place];
  const answer = JSON.parse(npm(args, { cwd: base }));
  const [{ filename, files, size }] = Array.isArray(answer) ? answer : Object.values(answer);
  const paths = files.map(({ path }) => path);
  return { name: manifest.name, manifest, paths, size, tarball: join(destination, basename(filename)) };
}

/** Throws unless a tarball holds what it must, and nothing that it must not. */
export function checkContents({ manifest, paths }) {
  const missing = [...wanted, ...exportedFiles(manifest)].filter((path) => !paths.includes(path));
  const extra = paths.filter(
    (path) => unwanted.some((pattern) => pattern.test(path)) || isStale(path, paths),
  );
  if (missing.length > 0) throw new Error(`the tarball lacks ${missing.join(', ')}`);
  if (extra.length > 0) throw new Error(`the tarball should not hold ${extra.join(', ')}`);
}

/** Throws when publint finds a fault in a tarball. */
export function lintTarball({ tarball }) {
  run(bin('publint', 'publint'), ['run', '--strict', tarball]);
}

/** Throws when types of a tarball do not resolve. */
export function checkTypes({ tarball }) {
  run(bin('@arethetypeswrong/cli', 'attw'), ['--profile', 'esm-only', '--no-color', '--no-emoji', tarball]);
}

/** The files behind a package's exports; an entry without one of the conditions is left out of somebody's view. */
function exportedFiles({ exports }) {
  return codeEntries(exports).flatMap((entry) =>
    conditions.map((condition) => {
      const file = exports[entry][condition];
      if (file === undefined) throw new Error(`the export "${entry}" lacks the condition "${condition}"`);
      return file.replace(/^\.\//, '');
    }),
  );
}

/** The exports that hold code: all but package.json and its like. */
export function codeEntries(exports) {
  return Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
}

/** Compiled from a source that is gone: tsc leaves it behind when a file is renamed. */
function isStale(path, paths) {
  const source = path.replace(/^dist\//, 'src/').replace(/\.(js|d\.ts)(\.map)?$/, '.ts');
  return path.startsWith('dist/') && /\.(js|d\.ts)(\.map)?$/.test(path) && !paths.includes(source);
}
