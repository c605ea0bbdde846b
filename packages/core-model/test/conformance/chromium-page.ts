import { readFile } from 'node:fs/promises';
import type { OpenPage } from '../../../../scripts/chromium.mjs';
import { openProgram } from '../browser/served-program.js';

/** Opens page.ts with the golden numbers in reach. */
export function openConformancePage(): Promise<OpenPage> {
  return openProgram({
    entry: new URL('page.ts', import.meta.url),
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
