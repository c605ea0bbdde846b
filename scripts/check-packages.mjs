/**
 * Checks the packages as a user receives them: packs each one, lints the tarball (publint, attw), installs all tarballs
 * in an empty project, imports every declared export in plain Node with nothing on stderr, requires them from CommonJS,
 * runs the command line tool, uses @infnet/metrics alone, and weighs bundles of it for a browser. Needs the npm registry
 * for the packages' own dependencies.
 *
 *     node scripts/check-packages.mjs [--keep]     --keep: leave the scratch project and say where it is
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { checkMetricsAlone } from './metrics-alone.mjs';
import { manifestOf, packageFolders, root } from './workspace.mjs';

/** What the tarball of a package must hold, and what it must not. */
const wanted = ['package.json', 'README.md', 'LICENSE'];
/** Conditions of every export: sources for this repository's own tools, types, and the code. */
const conditions = ['@infnet/source', 'types', 'default'];
const unwanted = [/^(test|bench|coverage)\//, /\.tsbuildinfo$/, /(^|\/)tsconfig/];

/** What a page may pay for an import from @infnet/metrics, minified and gzipped, in bytes. */
const budgets = [
  { imported: `{ dice } from '@infnet/metrics'`, limit: 1_500 },
  { imported: `{ dice } from '@infnet/metrics/masks'`, limit: 1_500 },
  { imported: `* as all from '@infnet/metrics/curves'`, limit: 10_000 },
  { imported: `* as all from '@infnet/metrics/boundary'`, limit: 7_000 },
  { imported: `* as all from '@infnet/metrics/lesions'`, limit: 6_000 },
  { imported: `* as all from '@infnet/metrics/labels'`, limit: 4_000 },
  { imported: `* as all from '@infnet/metrics/volumes'`, limit: 14_000 },
  { imported: `* as all from '@infnet/metrics'`, limit: 20_000 },
];

/** The same for all entries of @infnet/metrics in one page. */
const wholeLimit = 32_000;

const failures = [];
const scratch = mkdtempSync(join(tmpdir(), 'infnet-packages-'));
try {
  run(bin('nx', 'nx'), ['run-many', '-t', 'build', '--output-style=static'], { cwd: root, stdio: 'inherit' });
  const packed = packageFolders().map(pack);
  for (const { name, tarball } of packed) lintTarball(name, tarball);
  const project = installAll(packed.map(({ tarball }) => tarball));
  for (const { manifest } of packed) importEntries(manifest, project);
  runCommandLineTool(project);
  runReadmeExamples(project);
  await useMetricsAlone(packed.find(({ name }) => name === '@infnet/metrics').tarball);
  for (const { imported, limit } of budgets) {
    const name = imported.match(/(\w+)(?: \}| from)/)[1];
    const contents = `import ${imported}; globalThis.kept = ${name};`;
    await weighBundle({ what: `import ${imported}`, contents, limit }, project);
  }
  await weighBundle(everyEntry(packed.find(({ name }) => name === '@infnet/metrics')), project);
} catch (error) {
  failures.push(error.message);
} finally {
  if (process.argv.includes('--keep')) process.stdout.write(`kept ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true });
}
for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
process.exit(failures.length === 0 ? 0 : 1);

/** `npm pack` of one package, by folder: --workspaces would pack the private docs too. */
function pack(folder) {
  const manifest = manifestOf(folder);
  const args = [
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    scratch,
    `./${relative(root, folder)}`,
  ];
  const answer = JSON.parse(npm(args, { cwd: root }));
  const [{ filename, files, size }] = Array.isArray(answer) ? answer : Object.values(answer);
  const paths = files.map(({ path }) => path);
  check(`${manifest.name} is packed in ${paths.length} files, ${kilobytes(size)}`, () => {
    const missing = [...wanted, ...exportedFiles(manifest)].filter((path) => !paths.includes(path));
    const extra = paths.filter(
      (path) => unwanted.some((pattern) => pattern.test(path)) || isStale(path, paths),
    );
    if (missing.length > 0) throw new Error(`the tarball lacks ${missing.join(', ')}`);
    if (extra.length > 0) throw new Error(`the tarball should not hold ${extra.join(', ')}`);
  });
  return { name: manifest.name, manifest, tarball: join(scratch, basename(filename)) };
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
function codeEntries(exports) {
  return Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
}

/** Compiled from a source that is gone: tsc leaves it behind when a file is renamed. */
function isStale(path, paths) {
  const source = path.replace(/^dist\//, 'src/').replace(/\.(js|d\.ts)(\.map)?$/, '.ts');
  return path.startsWith('dist/') && /\.(js|d\.ts)(\.map)?$/.test(path) && !paths.includes(source);
}

function lintTarball(name, tarball) {
  check(`${name}: publint`, () => run(bin('publint', 'publint'), ['run', '--strict', tarball]));
  check(`${name}: types resolve (attw, esm-only)`, () =>
    run(bin('@arethetypeswrong/cli', 'attw'), ['--profile', 'esm-only', '--no-color', '--no-emoji', tarball]),
  );
}

/** An empty ES module project outside the repository with all tarballs installed, peers included. */
function installAll(tarballs) {
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'scratch', private: true, type: 'module' }),
  );
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], { cwd: project });
  return project;
}

function importEntries({ name, exports }, project) {
  for (const entry of codeEntries(exports)) {
    const specifier = JSON.stringify(join(name, entry).replaceAll('\\', '/'));
    check(`import ${specifier}`, () =>
      runSilently(['--input-type=module', '--eval', `await import(${specifier});`], project),
    );
    check(`require(${specifier})`, () =>
      runSilently(['--input-type=commonjs', '--eval', `require(${specifier});`], project),
    );
  }
}

function runCommandLineTool(project) {
  check('npx infnet --help', () => {
    const help = npm(['exec', '--no', '--', 'infnet', '--help'], { cwd: project });
    for (const command of ['train', 'segment', 'evaluate', 'demo', 'info', 'doctor']) {
      if (!help.includes(command)) throw new Error(`the help does not name "${command}":\n${help}`);
    }
  });
}

/** The README's programs are run as they stand, as somebody who copies them would. */
function runReadmeExamples(project) {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\r\n', '\n');
  const examples = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  check(`README.md has programs to run: ${examples.length}`, () => {
    if (examples.length === 0) throw new Error('no fenced js block found');
  });
  examples.forEach((code, i) => {
    const file = join(project, `readme-${i + 1}.mjs`);
    writeFileSync(file, code);
    check(`README.md, program ${i + 1}`, () => runSilently([file], project));
  });
}

/** The package that other projects install alone. */
async function useMetricsAlone(tarball) {
  const compiler = bin('typescript', 'tsc');
  try {
    const what = await checkMetricsAlone({
      tarball,
      folder: join(scratch, 'alone'),
      npm,
      tsc: (args, options) => run(compiler, args, options),
    });
    check(`@infnet/metrics ${what}`, () => {});
  } catch (error) {
    check('@infnet/metrics alone in a project', () => {
      throw error;
    });
  }
}

/** A page that takes all there is. */
function everyEntry({ name, manifest }) {
  const entries = codeEntries(manifest.exports).map((entry) => JSON.stringify(`${name}${entry.slice(1)}`));
  const contents = entries.map((entry, i) => `export * as entry${i} from ${entry};`).join('\n');
  return { what: `all ${entries.length} entries of ${name}`, contents, limit: wholeLimit };
}

/** What a program costs a web page. */
async function weighBundle({ what, contents, limit }, project) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const bytes = gzipSync(outputFiles[0].contents).length;
  check(`${what}: ${bytes} bytes minified and gzipped`, () => {
    const foreign = Object.keys(metafile.inputs).filter(
      (path) => path !== '<stdin>' && !path.includes('@infnet/metrics/'),
    );
    if (foreign.length > 0) throw new Error(`the bundle also holds ${foreign.join(', ')}`);
    if (bytes > limit) throw new Error(`more than ${limit} bytes: an import should not bring its neighbours`);
  });
}

/** Runs Node in the scratch project; anything on stderr is a failure, for it would be in every user's log. */
function runSilently(args, project) {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: cleanEnv(),
  });
  if (status !== 0 || stderr !== '') throw new Error(`exit code ${status}, stderr: ${stderr}`);
}

function check(what, action) {
  try {
    action();
    process.stdout.write(`ok      ${what}\n`);
  } catch (error) {
    process.stdout.write(`FAILED  ${what}\n`);
    failures.push(`${what}\n${error.message}`);
  }
}

function npm(args, options) {
  const beside = process.env['npm_execpath'];
  if (beside !== undefined && /npm-cli\.[cm]?js$/.test(beside)) return run(beside, args, options);
  return output(
    spawnSync('npm', args, spawnOptions({ shell: process.platform === 'win32', ...options })),
    'npm',
    args,
  );
}

/** Runs a JavaScript program with Node and returns what it printed. */
function run(program, args, options) {
  return output(
    spawnSync(process.execPath, [program, ...args], spawnOptions(options)),
    basename(program),
    args,
  );
}

function spawnOptions(options) {
  return { encoding: 'utf8', cwd: scratch, env: cleanEnv(), ...options };
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

/** The file behind an installed tool's command. */
function bin(name, command) {
  const folder = join(root, 'node_modules', name);
  const entry = manifestOf(folder).bin;
  return join(folder, typeof entry === 'string' ? entry : entry[command]);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`;
}
