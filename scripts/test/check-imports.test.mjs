import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBreaches } from '../check-imports.mjs';

const script = fileURLToPath(new URL('../check-imports.mjs', import.meta.url));
let base;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'infnet-imports-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Lays out one package with one source file and returns what the check says about it. */
function breaches(name, code, { file = 'index.ts', manifest = {} } = {}) {
  const folder = join(base, 'packages', name);
  const source = join(folder, 'src', file);
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `@infnet/${name}`, ...manifest }));
  writeFileSync(source, code);
  return findBreaches(base);
}

const tensorflow = { peerDependencies: { '@tensorflow/tfjs-core': '4.22.0' } };

describe('what is refused', () => {
  const refused = [
    [
      'a sibling that no arrow leads to',
      'losses',
      `import { InfNet } from '@infnet/core-model';`,
      /must not import @infnet\/core-model/,
    ],
    [
      'a type-only import of it',
      'io-medical',
      `import type { Tensor } from '@tensorflow/tfjs-core';`,
      /must not import @tensorflow\/tfjs-core/,
    ],
    ['an export from it', 'metrics', `export * from '@infnet/losses';`, /may import nothing/],
    [
      'a dynamic import of it',
      'io-medical',
      `export const f = () => import('@tensorflow/tfjs');`,
      /must not import @tensorflow\/tfjs/,
    ],
    [
      'an import type of it',
      'metrics',
      `export type T = import('@infnet/cli').T;`,
      /must not import @infnet\/cli/,
    ],
    ['a require of it', 'metrics', `require('@tensorflow/tfjs-core');`, /must not import/],
    [
      'an import() of a computed name',
      'losses',
      `export const f = (n: string) => import(n);`,
      /computed name/,
    ],
    [
      'a path that leaves the package',
      'losses',
      `import '../../metrics/src/index.js';`,
      /leaves the package/,
    ],
    [
      'a path into a sibling',
      'cli',
      `import '@infnet/metrics/src/index.js';`,
      /reaches into @infnet\/metrics/,
    ],
    [
      'a package that package.json does not name',
      'io-medical',
      `import 'fast-png';`,
      /not among the dependencies/,
    ],
  ];
  for (const [what, name, code, message] of refused) {
    it(what, () => assert.match(breaches(name, code).join('\n'), message));
  }

  it('a run-time dependency of metrics', () => {
    assert.match(breaches('metrics', '', { manifest: tensorflow })[0], /no run-time dependency at all/);
  });

  it('a forbidden dependency that no file imports yet', () => {
    const manifest = { dependencies: { '@infnet/cli': '0.1.0' } };
    assert.match(breaches('core-model', '', { manifest })[0], /package\.json: core-model must not import/);
  });

  it('an op with a wrong gradient, imported by name above the ops', () => {
    const code = `import { conv2d as convolve } from '@tensorflow/tfjs-core';`;
    const found = breaches('core-model', code, { file: 'layers/conv2d.ts', manifest: tensorflow });
    assert.match(found[0], /layers.conv2d\.ts:1: "conv2d" of TensorFlow\.js is used through/);
  });

  it('TensorFlow.js under a name that the lint rules do not know', () => {
    const code = `import * as core from '@tensorflow/tfjs-core';`;
    assert.match(breaches('losses', code, { manifest: tensorflow })[0], /call the namespace "tf"/);
  });

  it('with exit code 1, naming file and line', () => {
    breaches('losses', `\nimport '@infnet/metrics';`);
    const { status, stderr } = spawnSync(process.execPath, [script, base], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /packages.losses.src.index\.ts:2: losses must not import @infnet\/metrics/);
  });
});

describe('what is allowed', () => {
  it('an arrow of the design', () => {
    const manifest = { dependencies: { '@infnet/losses': '0.1.0' } };
    assert.deepEqual(breaches('semi-supervised', `import '@infnet/losses';`, { manifest }), []);
  });

  it('a sub-path that the sibling exports, and no other', () => {
    const exports = { '.': './dist/index.js', './boundary': './dist/entry/boundary.js' };
    breaches('metrics', '', { manifest: { exports } });
    const manifest = { dependencies: { '@infnet/metrics': '0.1.0' } };
    assert.deepEqual(breaches('cli', `import '@infnet/metrics/boundary';`, { manifest }), []);
    for (const path of ['constructor', 'entry/boundary', 'boundary/deeper']) {
      const [found] = breaches('cli', `import '@infnet/metrics/${path}';`, { manifest });
      assert.match(found, /reaches into @infnet\/metrics; import @infnet\/metrics, or a sub-path/);
    }
  });

  it('the same op below, in the ops', () => {
    const code = `import { conv2d } from '@tensorflow/tfjs-core'; import '../errors.js'; import 'node:fs';`;
    assert.deepEqual(breaches('core-model', code, { file: 'ops/conv2d.ts', manifest: tensorflow }), []);
  });

  it('a computed import where backends are looked for', () => {
    const code = `export const f = (n: string) => import(n);`;
    assert.deepEqual(breaches('core-model', code, { file: 'backend/native.ts' }), []);
  });

  it('names of forbidden modules in comments and strings', () => {
    assert.deepEqual(
      breaches('metrics', `// import '@infnet/cli'\nexport const s = "import('@infnet/cli')";`),
      [],
    );
  });
});
