import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage } from '../../../../scripts/chromium.mjs';
import type { CaseResult, ConformanceCase } from './case.js';
import { openCasesPage, runInPage } from './chromium-page.js';
import { type ChildBackend, runChild } from './processes.js';
import type { Extent } from './run-cases.js';

/** Cases, and the program that runs them elsewhere. */
export interface CasesProgram {
  readonly what: string;
  readonly cases: readonly ConformanceCase[];
  readonly entry: URL;
}

/** Shaders are compiled by one busy core where a GPU is imitated. */
const PATIENCE = 20 * 60_000;

/** What runs on a GPU that is imitated in software. */
export const IMITATED: Extent = process.env['INFNET_SLOW_TESTS'] === '1' ? 'all' : 'quick';

/** Tests the cases on a backend of Node, in a process of its own; skipped, with the reason, where it does not start. */
export async function describeInChild(
  { what, cases, entry }: CasesProgram,
  child: ChildBackend,
): Promise<void> {
  const { unavailable, device } = await runChild(entry, child, 'none');
  const extent = device?.startsWith('software') ? IMITATED : 'all';
  const where = unavailable === undefined ? ` on ${device}` : ` (skipped: ${unavailable})`;
  describe.skipIf(unavailable !== undefined)(`${what} of ${child.backend} in Node${where}`, () => {
    let results: readonly CaseResult[] = [];
    beforeAll(async () => {
      const told = await runChild(entry, child, extent);
      expect(told.code, 'the process ends by itself').toBe(0);
      results = told.results;
    }, PATIENCE);
    reportCases(cases, extent, () => results);
  });
}

/** Tests the cases in Chromium, on each of the backends; skipped, with the reason, where there is no Chromium. */
export function describeInChromium(
  { what, cases, entry }: CasesProgram,
  extents: readonly (readonly [backend: string, extent: Extent])[],
  more: (opened: () => OpenPage) => void = () => undefined,
): void {
  const skipped = noChromium() && ` (skipped: ${noChromium()})`;
  describe.skipIf(skipped !== '')(`${what} in Chromium${skipped}`, () => {
    let opened: OpenPage;
    beforeAll(async () => {
      opened = await openCasesPage(entry);
    });
    afterAll(() => opened.close());
    for (const [backend, extent] of extents) {
      describe(backend, () => {
        let results: readonly CaseResult[] = [];
        beforeAll(async () => {
          const told = await runInPage(opened, backend, extent);
          results = told.results;
          expect(told.device).toMatch(backend === 'wasm' ? /^wasm/ : /^software: .*swiftshader/i);
        }, PATIENCE);
        reportCases(cases, extent, () => results);
      });
    }
    more(() => opened);
  });
}

/** One test per case; the cases themselves are run elsewhere. */
function reportCases(
  cases: readonly ConformanceCase[],
  extent: Extent,
  resultsOf: () => readonly CaseResult[],
): void {
  for (const { name, slow = false } of cases) {
    const skipped = slow && extent === 'quick';
    const title = skipped ? `${name} (skipped: slow on an imitated GPU, set INFNET_SLOW_TESTS=1)` : name;
    it.skipIf(skipped)(title, async ({ annotate }) => {
      const result = resultsOf().find((one) => one.name === name);
      expect(result, 'was run').toBeDefined();
      expect(result?.fault).toBeUndefined();
      if (result?.worst !== undefined) await annotate(`largest difference: ${result.worst.toPrecision(2)}`);
    });
  }
}
