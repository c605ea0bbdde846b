/**
 * Rehearses a release and checks the packages as a user receives them: versions a copy of the repository, packs each
 * package, lints the tarball (publint, attw), installs all tarballs in an empty project, imports every declared export in
 * plain Node with nothing on stderr, requires them from CommonJS, runs the command line tool and the README's programs, uses
 * the metrics alone, weighs bundles of them for a browser, and builds the example app, which segments a picture in Chromium.
 * Needs the npm registry for the packages' own dependencies.
 *
 *     node scripts/check-packages.mjs [--keep]     --keep: leave the scratch project and say where it is
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programsToWeigh, weightOf } from './bundle-budgets.mjs';
import { checkMetricsAlone } from './metrics-alone.mjs';
import { checkViteApp } from './packed-vite-app.mjs';
import { checkContents, checkTypes, codeEntries, lintTarball, pack } from './packed.mjs';
import { releaseCopy } from './release-copy.mjs';
import { bin, npm, run, runSilently } from './run-program.mjs';
import { packageFolders } from './workspace.mjs';

const failures = [];
const scratch = mkdtempSync(join(tmpdir(), 'infnet-packages-'));
try {
  const copy = join(scratch, 'release');
  await check('a release: versions, change logs, ranges, lockfile, provenance', () => {
    const faults = releaseCopy(copy);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  const packed = packageFolders(copy).map((folder) => pack(copy, folder, scratch));
  for (const one of packed) {
    const { name, manifest, paths, size } = one;
    const weight = `${paths.length} files, ${(size / 1000).toFixed(0)} kB`;
    await check(`${name} ${manifest.version} is packed in ${weight}`, () => checkContents(one));
    await check(`${name}: publint`, () => lintTarball(one));
    await check(`${name}: types resolve (attw, esm-only)`, () => checkTypes(one));
  }
  const project = installAll(packed.map(({ tarball }) => tarball));
  for (const { manifest } of packed) await importEntries(manifest, project);
  await check('npx infnet --help', () => runCommandLineTool(project));
  await runReadmeExamples(project);
  const metrics = packed.find(({ name }) => name === '@infnet/metrics');
  await check('@infnet/metrics', () =>
    checkMetricsAlone({
      tarball: metrics.tarball,
      folder: join(scratch, 'alone'),
      npm,
      tsc: (args, options) => run(bin('typescript', 'tsc'), args, options),
    }),
  );
  for (const program of programsToWeigh(metrics)) {
    await check(program.what, async () => `${await weightOf(program, project)} bytes minified and gzipped`);
  }
  await check('the example app, built by Vite,', () =>
    checkViteApp({
      source: copy,
      tarballs: new Map(packed.map(({ name, tarball }) => [name, tarball])),
      folder: join(scratch, 'app'),
      npm,
    }),
  );
} catch (error) {
  failures.push(error.message);
} finally {
  if (process.argv.includes('--keep')) process.stdout.write(`kept ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true });
}
for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
process.exit(failures.length === 0 ? 0 : 1);

/** Runs one check, which may say what it saw, and goes on whatever it finds. */
async function check(what, action) {
  try {
    const seen = await action();
    process.stdout.write(`ok      ${what}${typeof seen === 'string' ? ` ${seen}` : ''}\n`);
  } catch (error) {
    process.stdout.write(`FAILED  ${what}\n`);
    failures.push(`${what}\n${error.message}`);
  }
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

async function importEntries({ name, exports }, project) {
  for (const entry of codeEntries(exports)) {
    const specifier = JSON.stringify(join(name, entry).replaceAll('\\', '/'));
    await check(`import ${specifier}`, () =>
      runSilently(['--input-type=module', '--eval', `await import(${specifier});`], project),
    );
    await check(`require(${specifier})`, () =>
      runSilently(['--input-type=commonjs', '--eval', `require(${specifier});`], project),
    );
  }
}

function runCommandLineTool(project) {
  const help = npm(['exec', '--no', '--', 'infnet', '--help'], { cwd: project });
  for (const command of ['train', 'segment', 'evaluate', 'demo', 'info', 'doctor']) {
    if (!help.includes(command)) throw new Error(`the help does not name "${command}":\n${help}`);
  }
}

/** The README's programs are run as they stand, as somebody who copies them would. */
async function runReadmeExamples(project) {
  const readme = readFileSync(join(scratch, 'release', 'README.md'), 'utf8').replaceAll('\r\n', '\n');
  const examples = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code);
  await check(`README.md has programs to run: ${examples.length}`, () => {
    if (examples.length === 0) throw new Error('no fenced js block found');
  });
  for (const [i, code] of examples.entries()) {
    const file = join(project, `readme-${i + 1}.mjs`);
    writeFileSync(file, code);
    await check(`README.md, program ${i + 1}`, () => runSilently([file], project));
  }
}
