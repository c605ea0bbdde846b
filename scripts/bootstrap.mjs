/**
 * `npm test`, `npm run demo` and `npm run bench`, on a clone as fresh as it comes: checks Node, installs what the
 * lockfile asks for unless node_modules holds it already, and runs the command. Needs Node and npm, nothing else.
 *
 *     node scripts/bootstrap.mjs test|demo|bench [arguments passed on]
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, testedFolders, testResultsFile } from './workspace.mjs';

const OLDEST_NODE = [20, 19];

const commands = { test, demo, bench };

const [name = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  fail(`Unknown command "${name}". Use one of: ${Object.keys(commands).join(', ')}.`, 2);
}
checkNode();
install();
process.exit(commands[name](rest));

/** Builds, runs every package's tests one package after the other, and lists what was skipped and why. */
function test(args) {
  for (const folder of testedFolders()) rmSync(testResultsFile(folder), { force: true });
  const built = nx(['run-many', '-t', 'build', '--output-style=static']);
  if (built !== 0) return built;
  // One package at a time: vitest already uses the cores, and the training tests need memory.
  const tested = nx(['run-many', '-t', 'test', '--parallel=1', '--output-style=stream', ...args]);
  const counted = node([join('scripts', 'test-summary.mjs')]);
  return tested || counted;
}

/** Builds the command line tool and lets it segment a phantom CT volume into infnet-demo/. */
function demo(args) {
  const built = nx(['run-many', '-t', 'build', '-p', '@infnet/cli', '--output-style=static']);
  if (built !== 0) return built;
  const output = 'infnet-demo';
  const code = node([join('packages', 'cli', 'bin', 'infnet.js'), 'demo', '-o', output, ...args]);
  if (code === 0 && args.length === 0) {
    process.stdout.write(`\nLook at ${join(root, output)} - open report.html there in a browser.\n`);
  }
  return code;
}

/** Builds and runs packages/<name>/bench/*.bench.ts. */
function bench(args) {
  const built = nx(['run-many', '-t', 'build', '--output-style=static']);
  if (built !== 0) return built;
  return node([join('node_modules', 'vitest', 'vitest.mjs'), 'bench', '--run', ...args]);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Node ${process.versions.node} is too old: Node ${OLDEST_NODE.join('.')} or newer is needed.\n` +
      'Install a current Node from https://nodejs.org (or with your version manager) and run the command again.',
    2,
  );
}

/** Runs `npm ci` when node_modules was not made from this very package-lock.json. */
function install() {
  const stamp = join(root, 'node_modules', '.infnet-lock-sha256');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;

  process.stdout.write('Installing what package-lock.json lists (once; a minute or so) ...\n');
  const ci = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  // A registry that hiccups once is common enough to try a second time before giving up.
  const code = npm(ci) && npm(ci);
  if (code !== 0) {
    fail(
      'npm ci failed twice; its own message is above. It needs the npm registry that `npm config get registry` names.',
      code,
    );
  }
  writeFileSync(stamp, lock);
}

function npm(args) {
  // Under `npm run` the running npm names itself; npm.cmd cannot be started without a shell on Windows.
  const self = process.env['npm_execpath'];
  if (self !== undefined && /npm-cli\.[cm]?js$/.test(self)) return run(process.execPath, [self, ...args]);
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(beside)) return run(process.execPath, [beside, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

function nx(args) {
  const manifest = join(root, 'node_modules', 'nx', 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return node([join(dirname(manifest), bin.nx), ...args]);
}

function node(args) {
  return run(process.execPath, args);
}

function run(program, args, options = {}) {
  const env = { NX_TUI: 'false', ...(process.env['CI'] ? { NX_DAEMON: 'false' } : {}), ...process.env };
  const { status, error, signal } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env,
    ...options,
  });
  if (error) process.stderr.write(`Could not start ${program}: ${error.message}\n`);
  if (signal) process.stderr.write(`${program} was ended by ${signal}\n`);
  return status ?? 1;
}

function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
