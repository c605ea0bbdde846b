import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pendingChanges, versionFaults } from '../version-faults.mjs';

const BEFORE = new Map([
  ['@infnet/a', '0.1.0'],
  ['@infnet/b', '0.1.0'],
]);
const CHANGES = [{ packages: ['@infnet/a'], text: 'A new thing.' }];
let base;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'infnet-release-'));
  put('.changeset/config.json', JSON.stringify({ fixed: [['@infnet/a', '@infnet/b']] }));
  for (const name of ['a', 'b']) {
    manifest(name, {});
    put(`packages/${name}/CHANGELOG.md`, `# @infnet/${name}\n\n## 0.2.0\n\n- A new\n  thing.\n`);
  }
  put('packages/a/src/version.ts', "export const VERSION = '0.2.0';\n");
  put('docs/examples/app/package.json', JSON.stringify({ dependencies: { '@infnet/a': '^0.2.0' } }));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function put(name, text) {
  mkdirSync(dirname(join(base, name)), { recursive: true });
  writeFileSync(join(base, name), text);
}

function manifest(name, more) {
  const publishConfig = { access: 'public', provenance: true };
  put(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@infnet/${name}`, version: '0.2.0', publishConfig, ...more }),
  );
}

describe('a versioned repository', () => {
  it('without a fault', () => {
    assert.deepEqual(versionFaults(base, BEFORE, CHANGES), []);
  });

  const faults = [
    [
      'a group that fell apart',
      () => manifest('b', { version: '0.1.0' }),
      /versions that should be one: 0\.2\.0, 0\.1\.0/,
    ],
    [
      'a range left behind',
      () => manifest('b', { dependencies: { '@infnet/a': '0.1.0' } }),
      /@infnet\/b takes @infnet\/a 0\.1\.0, which is 0\.2\.0/,
    ],
    [
      'an example left behind',
      () => put('docs/examples/app/package.json', '{"name":"app","dependencies":{"@infnet/a":"^0.1.0"}}'),
      /app takes @infnet\/a \^0\.1\.0/,
    ],
    [
      'a constant left behind',
      () => put('packages/a/src/version.ts', "export const VERSION = '0.1.0';\n"),
      /src\/version\.ts of @infnet\/a does not say 0\.2\.0/,
    ],
    [
      'no change log',
      () => rmSync(join(base, 'packages/b/CHANGELOG.md')),
      /CHANGELOG\.md of @infnet\/b does not begin with 0\.2\.0/,
    ],
    [
      'a change that no log tells',
      () => put('packages/a/CHANGELOG.md', '# @infnet/a\n\n## 0.2.0\n'),
      /CHANGELOG\.md of @infnet\/a lacks "A new thing\."/,
    ],
    [
      'no provenance',
      () => manifest('a', { publishConfig: { access: 'public' } }),
      /@infnet\/a is not published openly and with provenance/,
    ],
  ];
  for (const [what, spoil, fault] of faults) {
    it(`with ${String(what)}`, () => {
      spoil();
      const found = versionFaults(base, BEFORE, CHANGES);
      assert.equal(found.length, 1, found.join('; '));
      assert.match(found[0], fault);
    });
  }

  it('that was not versioned at all', () => {
    for (const name of ['a', 'b']) manifest(name, { version: '0.1.0' });
    assert.ok(versionFaults(base, BEFORE, CHANGES).includes('@infnet/a is still 0.1.0'));
  });
});

it('what waits for a release is read from its changesets', () => {
  put('.changeset/one.md', '---\n\'@infnet/a\': minor\n"@infnet/b": patch\n---\n\nA new thing.\n');
  assert.deepEqual(pendingChanges(base), [{ packages: ['@infnet/a', '@infnet/b'], text: 'A new thing.' }]);
});
