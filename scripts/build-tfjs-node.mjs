/**
 * Builds @tensorflow/tfjs-node where its own download (storage.googleapis.com) cannot be reached and PyPI can: the C
 * library and its headers come out of a `tensorflow-cpu` wheel, the addon is compiled from the npm package's sources. Linux
 * on x64; needs python3 with pip, g++, and 2 GB of disk while it works. Nothing is installed into the system.
 *
 *     node scripts/build-tfjs-node.mjs [FOLDER]
 *     INFNET_BACKEND_PACKAGES=FOLDER infnet segment ... --backend node
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { tfjsNodeFolder } from './tfjs-node-folder.mjs';

const PACKAGE = '@tensorflow/tfjs-node';
const VERSION = '4.22.0';
const HEADERS = 'node-api-headers@1.5.0';
/** tfjs-node 4.22 was made for 2.9; 2.15 serves the same C interface, and its wheel has the library apart from Python's. */
const TENSORFLOW = 'tensorflow-cpu==2.15.1';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** What the addon includes, and what that includes. */
const NEEDED = [...LIBRARIES, 'include/tensorflow/c/', 'include/tensorflow/core/platform/', 'include/tsl/'];
/** The newest version of the Node-API that tfjs-node has a folder for. */
const NODE_API = 8;

const folder = resolve(process.argv[2] ?? tfjsNodeFolder());
const home = join(folder, 'node_modules', PACKAGE);
const work = mkdtempSync(join(tmpdir(), 'tfjs-node-'));
try {
  build();
  process.stdout.write(
    `\n${PACKAGE} ${VERSION} works. Use it with\n\n  export INFNET_BACKEND_PACKAGES=${folder}\n`,
  );
} catch (error) {
  process.stderr.write(`build-tfjs-node: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function build() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `no such wheel for ${process.platform} on ${process.arch}; npm rebuild ${PACKAGE} may do`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  run('npm', ['install', ...quiet, `${PACKAGE}@${VERSION}`, HEADERS], folder);
  const tensorflow = unpackTensorflow();
  compile(tensorflow);
  for (const library of LIBRARIES) {
    run('mv', [join(tensorflow, library), join(home, 'deps', 'lib', library)], folder);
  }
  run(process.execPath, ['-e', `require('${PACKAGE}').ones([2]).print()`], folder);
}

/** Fetches the wheel and takes out what is needed; gives the folder of the libraries and of `include`. */
function unpackTensorflow() {
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'].flatMap((name) => ['--platform', name]);
  const options = ['--no-deps', '--only-binary', ':all:', '--python-version', '3.10', ...platforms];
  run('python3', ['-m', 'pip', 'download', TENSORFLOW, ...options, '--dest', work], work);
  const [wheel] = readdirSync(work).filter((name) => name.endsWith('.whl'));
  const extract = [
    'import sys, zipfile',
    'wheel = zipfile.ZipFile(sys.argv[1])',
    'wanted = tuple("tensorflow/" + name for name in sys.argv[2:])',
    'wheel.extractall(members=[name for name in wheel.namelist() if name.startswith(wanted)])',
  ].join('\n');
  run('python3', ['-c', extract, wheel, ...NEEDED], work);
  return join(work, 'tensorflow');
}

/** Compiles the addon against the libraries, to where tfjs-node looks for it. */
function compile(tensorflow) {
  const addon = join(home, 'lib', `napi-v${NODE_API}`);
  for (const place of [addon, join(home, 'deps', 'lib')]) mkdirSync(place, { recursive: true });
  const built = join(work, 'tfjs_binding.node');
  const includes = [
    join(folder, 'node_modules', 'node-api-headers', 'include'),
    home,
    join(tensorflow, 'include'),
  ];
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(home, 'binding', name));
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`];
  const linking = ['-Wl,-rpath,$ORIGIN/../../deps/lib', `-L${tensorflow}`];
  const libraries = LIBRARIES.map((name) => `-l:${name}`);
  const including = includes.map((path) => `-I${path}`);
  run('g++', [...flags, ...including, ...sources, '-o', built, ...linking, ...libraries], work);
  run('mv', [built, join(addon, 'tfjs_binding.node')], work);
}

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit' });
  if (error) throw new Error(`could not start ${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ended with code ${status}; its own words are above`);
}
