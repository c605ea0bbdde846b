import * as tf from '@tensorflow/tfjs';
import { parseGolden } from '../golden-parse.js';
import type { CaseResult, ConformanceCase, ConformanceGolden, SmallNetworkGolden } from './case.js';

/** All cases, or without those that are slow on a GPU which is imitated in software. */
export type Extent = 'all' | 'quick';

/** Reads the golden numbers, wherever this runs. */
export async function loadGolden(read: (file: string) => Promise<Uint8Array>): Promise<ConformanceGolden> {
  const tensors = async (file: string) => parseGolden(file, await read(file));
  return {
    primitives: await tensors('primitives.safetensors'),
    units: await tensors('optim-bn.safetensors'),
    maps: await tensors('small-inf-net.safetensors'),
    small: JSON.parse(new TextDecoder().decode(await read('small-inf-net.json'))) as SmallNetworkGolden,
    read,
  };
}

/** Runs the cases on the backend in use, one after the other. */
export async function* runCases(
  cases: readonly ConformanceCase[],
  golden: ConformanceGolden,
  extent: Extent,
): AsyncGenerator<CaseResult> {
  for (const one of cases) if (extent === 'all' || !one.slow) yield await runCase(one, golden);
}

/** Runs one case on the backend in use and frees what it left. */
export async function runCase(
  { name, run }: ConformanceCase,
  golden: ConformanceGolden,
): Promise<CaseResult> {
  const start = performance.now();
  tf.engine().startScope();
  let outcome: Pick<CaseResult, 'worst' | 'fault'> = {};
  try {
    const worst = await run(golden);
    if (worst !== undefined) outcome = { worst };
  } catch (error) {
    outcome = { fault: error instanceof Error ? error.message : String(error) };
  } finally {
    tf.engine().endScope();
  }
  return { name, milliseconds: Math.round(performance.now() - start), ...outcome };
}
