import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { BackendError, selectBackend } from '../../src/index.js';
import type { ConformanceCase } from './case.js';
import { type Extent, loadGolden, runCases } from './run-cases.js';

/**
 * Runs cases on one backend in a process of its own, so that drivers, environment and end of it are under control:
 *
 *     node child.mjs BACKEND GOLDEN_FOLDER all|quick|none
 *
 * Prints JSON lines: first what was selected, or why it cannot be; then a line per case.
 */
export async function runInChild(cases: readonly ConformanceCase[]): Promise<void> {
  const [backend = '', folder = '', extent] = argv.slice(2);
  const tell = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
  try {
    const { device, close } = await selectBackend(backend);
    tell({ device });
    if (extent !== 'none') {
      const golden = await loadGolden(async (file) => new Uint8Array(await readFile(join(folder, file))));
      for await (const result of runCases(cases, golden, extent as Extent)) tell(result);
    }
    close();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    tell({ unavailable: error.message });
  }
}
