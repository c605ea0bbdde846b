import { readFile } from 'node:fs/promises';
import type { OpenPage } from '../../../../scripts/chromium.mjs';
import { openProgram } from '../browser/served-program.js';
import type { CasesPage, PageReport } from './page-program.js';
import type { Extent } from './run-cases.js';

/** Opens a page of {@link offerInPage} with the golden numbers in reach. */
export function openCasesPage(entry: URL): Promise<OpenPage> {
  return openProgram({
    entry,
    async serve(path) {
      const [, file] = /^\/golden\/([\w.-]+)$/.exec(path) ?? [];
      if (file === undefined) return undefined;
      return {
        body: await readFile(new URL(`../golden/${file}`, import.meta.url)),
        type: 'application/octet-stream',
      };
    },
  });
}

/** Runs the page's cases on one backend. */
export function runInPage({ page }: OpenPage, backend: string, extent: Extent): Promise<PageReport> {
  return page.evaluate(
    ([name, which]) => (globalThis as unknown as { program: CasesPage }).program.run(name, which),
    [backend, extent] as const,
  );
}

/** What `auto` takes in the page, and what it passed over. */
export function autoInPage({ page }: OpenPage): Promise<object> {
  return page.evaluate(() => (globalThis as unknown as { program: CasesPage }).program.auto());
}
