/** The suite in a browser: what conformance.test.ts calls in the page that it opens. */
import { selectBackend } from '../../src/index.js';
import type { CaseResult } from './case.js';
import { CONFORMANCE, loadGolden, runCase } from './suite.js';

const fetchGolden = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetch(`/golden/${file}`)).arrayBuffer());

/** What a page tells of one backend. */
export interface PageReport {
  readonly device: string;
  readonly results: readonly CaseResult[];
}

const program = {
  async conformance(backend: string): Promise<PageReport> {
    const { device } = await selectBackend(backend, { wasmPaths: '/wasm/' });
    const golden = await loadGolden(fetchGolden);
    const results: CaseResult[] = [];
    for (const one of CONFORMANCE) results.push(await runCase(one, golden));
    return { device, results };
  },
  /** What `auto` takes here, and what it passed over. */
  async auto(): Promise<object> {
    const { name, device, tried } = await selectBackend('auto', { wasmPaths: '/wasm/' });
    return { name, device, tried };
  },
};

/** The page's one global. */
export type ConformancePage = typeof program;

Object.assign(globalThis, { program });
