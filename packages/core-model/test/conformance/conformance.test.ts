import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage, swiftShaderManifest } from '../../../../scripts/chromium.mjs';
import { tfjsNodeFolder } from '../../../../scripts/tfjs-node-folder.mjs';
import { selectBackend } from '../../src/index.js';
import type { CaseResult, ConformanceGolden } from './case.js';
import { openConformancePage } from './chromium-page.js';
import type { ConformancePage } from './page.js';
import { type ChildBackend, runChild } from './processes.js';
import { CONFORMANCE, loadGolden, runCase } from './suite.js';

/** Shaders are compiled by one busy core where a GPU is imitated. */
const PATIENCE = 20 * 60_000;

for (const backend of ['wasm', 'cpu'] as const) {
  describe(`conformance of ${backend} in Node`, () => {
    let golden: ConformanceGolden;
    beforeAll(async () => {
      golden = await loadGolden(
        async (file) => new Uint8Array(await readFile(new URL(`../golden/${file}`, import.meta.url))),
      );
      await selectBackend(backend);
    });
    for (const one of CONFORMANCE) {
      it(one.name, async () => {
        expect((await runCase(one, golden)).fault).toBeUndefined();
      });
    }
  });
}

/** One test per case; the cases themselves were run elsewhere. */
function report(resultsOf: () => readonly CaseResult[]): void {
  for (const { name } of CONFORMANCE) {
    it(name, () => {
      const result = resultsOf().find((one) => one.name === name);
      expect(result, 'was run').toBeDefined();
      expect(result?.fault).toBeUndefined();
    });
  }
}

/** A real GPU where there is one, else Chromium's SwiftShader. */
async function dawnEnvironment(): Promise<Record<string, string>> {
  const manifest = swiftShaderManifest();
  if (manifest === undefined) return {};
  const { unavailable } = await runChild({ backend: 'webgpu', env: {} }, true);
  return unavailable === undefined ? {} : { VK_ICD_FILENAMES: manifest };
}

/** What build-tfjs-node.mjs made, unless the user names another place or has installed the package. */
const native: Record<string, string> = existsSync(tfjsNodeFolder())
  ? { INFNET_BACKEND_PACKAGES: process.env['INFNET_BACKEND_PACKAGES'] ?? tfjsNodeFolder() }
  : {};

const children: ChildBackend[] = [
  { backend: 'webgpu', env: await dawnEnvironment() },
  { backend: 'node', env: native },
  { backend: 'cuda', env: {} },
];
for (const child of children) {
  const { unavailable, device } = await runChild(child, true);
  const where = unavailable === undefined ? ` on ${device}` : ` (skipped: ${unavailable})`;
  describe.skipIf(unavailable !== undefined)(`conformance of ${child.backend} in Node${where}`, () => {
    let results: readonly CaseResult[] = [];
    beforeAll(async () => {
      const told = await runChild(child, false);
      expect(told.code, 'the process ends by itself').toBe(0);
      results = told.results;
    }, PATIENCE);
    report(() => results);
  });
}

const skipped = noChromium() && ` (skipped: ${noChromium()})`;
describe.skipIf(skipped !== '')(`conformance in Chromium${skipped}`, () => {
  let opened: OpenPage;
  beforeAll(async () => {
    opened = await openConformancePage();
  });
  afterAll(() => opened.close());

  for (const backend of ['wasm', 'webgl', 'webgpu']) {
    describe(backend, () => {
      let results: readonly CaseResult[] = [];
      beforeAll(async () => {
        const told = await opened.page.evaluate(
          (name) => (globalThis as unknown as { program: ConformancePage }).program.conformance(name),
          backend,
        );
        results = told.results;
        expect(told.device).toMatch(backend === 'wasm' ? /^wasm/ : /^software: .*swiftshader/i);
      }, PATIENCE);
      report(() => results);
    });
  }

  it('auto takes wasm, and says that the two GPUs are software', async () => {
    const chosen = await opened.page.evaluate(() =>
      (globalThis as unknown as { program: ConformancePage }).program.auto(),
    );
    expect(chosen).toMatchObject({
      name: 'wasm',
      tried: [
        { name: 'cuda', code: 'backend-not-supported' },
        { name: 'node', code: 'backend-not-supported' },
        { name: 'webgpu', code: 'software-adapter' },
        { name: 'webgl', code: 'software-adapter' },
      ],
    });
  });
});
