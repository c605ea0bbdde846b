import { selectBackend } from '../../src/index.js';
import type { CaseResult, ConformanceCase } from './case.js';
import { type Extent, loadGolden, runCases } from './run-cases.js';

const WASM = { wasmPaths: '/wasm/' };

/** What a page tells of one backend. */
export interface PageReport {
  readonly device: string;
  readonly results: readonly CaseResult[];
}

/** The one global of a page that runs cases. */
export interface CasesPage {
  run(backend: string, extent: Extent): Promise<PageReport>;
  /** What `auto` takes here, and what it passed over. */
  auto(): Promise<object>;
}

/** Makes this page one that runs cases when asked to. */
export function offerInPage(cases: readonly ConformanceCase[]): void {
  const program: CasesPage = {
    async run(backend, extent) {
      const { device } = await selectBackend(backend, WASM);
      const results: CaseResult[] = [];
      const golden = await loadGolden(fetchGolden);
      for await (const result of runCases(cases, golden, extent)) results.push(result);
      return { device, results };
    },
    async auto() {
      const { name, device, tried } = await selectBackend('auto', WASM);
      return { name, device, tried };
    },
  };
  Object.assign(globalThis, { program });
}

async function fetchGolden(file: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/golden/${file}`)).arrayBuffer());
}
