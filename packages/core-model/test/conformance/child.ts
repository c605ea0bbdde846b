/**
 * Runs the suite on one backend in a process of its own, so that drivers, environment and end of it are under control:
 *
 *     node child.mjs BACKEND GOLDEN_FOLDER [probe]
 *
 * Prints JSON lines: first what was selected, or why it cannot be; then, unless only probing, a line per case.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { BackendError, selectBackend } from '../../src/index.js';
import { CONFORMANCE, loadGolden, runCase } from './suite.js';

const [backend = '', folder = '', probe] = argv.slice(2);
const tell = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const { device, close } = await selectBackend(backend);
  tell({ device });
  if (probe === undefined) {
    const golden = await loadGolden(async (file) => new Uint8Array(await readFile(join(folder, file))));
    for (const one of CONFORMANCE) tell(await runCase(one, golden));
  }
  close();
} catch (error) {
  if (!(error instanceof BackendError)) throw error;
  tell({ unavailable: error.message });
}
