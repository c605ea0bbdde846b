import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsNodeFolder } from '../../../../scripts/tfjs-node-folder.mjs';
import { selectBackend } from '../../src/index.js';
import { BACKENDS } from '../backends.js';
import type { ConformanceGolden } from './case.js';
import { autoInPage } from './chromium-page.js';
import { describeInChild, describeInChromium, IMITATED } from './describe-cases.js';
import { dawnEnvironment } from './processes.js';
import { loadGolden, runCase } from './run-cases.js';
import { CONFORMANCE } from './suite.js';

const CHILD = new URL('conformance-child.ts', import.meta.url);
const PAGE = new URL('conformance-page.ts', import.meta.url);
const SUITE = { what: 'conformance', cases: CONFORMANCE };

for (const { title, backend, ourKernels } of BACKENDS) {
  describe(`conformance of ${title} in Node`, () => {
    let golden: ConformanceGolden;
    beforeAll(async () => {
      golden = await loadGolden(
        async (file) => new Uint8Array(await readFile(new URL(`../golden/${file}`, import.meta.url))),
      );
      tf.env().set('INFNET_WASM_KERNELS', ourKernels);
      await selectBackend(backend);
    });
    afterAll(() => tf.env().set('INFNET_WASM_KERNELS', true));
    for (const one of CONFORMANCE) {
      it(one.name, async () => {
        expect((await runCase(one, golden)).fault).toBeUndefined();
      });
    }
  });
}

/** What build-tfjs-node.mjs made, unless the user names another place or has installed the package. */
const native: Record<string, string> = existsSync(tfjsNodeFolder())
  ? { INFNET_BACKEND_PACKAGES: process.env['INFNET_BACKEND_PACKAGES'] ?? tfjsNodeFolder() }
  : {};

for (const child of [
  { backend: 'webgpu', env: await dawnEnvironment(CHILD) },
  { backend: 'node', env: native },
  { backend: 'cuda', env: {} },
]) {
  await describeInChild({ ...SUITE, entry: CHILD }, child);
}

describeInChromium(
  { ...SUITE, entry: PAGE },
  [
    ['wasm', 'all'],
    ['webgl', IMITATED],
    ['webgpu', 'all'],
  ],
  (opened) =>
    it('auto takes wasm, and says that the two GPUs are software', async () => {
      expect(await autoInPage(opened())).toMatchObject({
        name: 'wasm',
        tried: [
          { name: 'cuda', code: 'backend-not-supported' },
          { name: 'node', code: 'backend-not-supported' },
          { name: 'webgpu', code: 'software-adapter' },
          { name: 'webgl', code: 'software-adapter' },
        ],
      });
    }),
);
