import * as tf from '@tensorflow/tfjs';
import { parseGolden } from '../golden-parse.js';
import type { CaseResult, ConformanceCase, ConformanceGolden, SmallNetworkGolden } from './case.js';
import { GOLDEN_CASES } from './golden-cases.js';
import { GRADIENT_CASES } from './gradient-cases.js';
import { NETWORK_CASES } from './network-cases.js';

/** All that a backend must get right, the same for each. */
export const CONFORMANCE: readonly ConformanceCase[] = [...GOLDEN_CASES, ...GRADIENT_CASES, ...NETWORK_CASES];

/** Reads the golden numbers, wherever this runs. */
export async function loadGolden(read: (file: string) => Promise<Uint8Array>): Promise<ConformanceGolden> {
  const tensors = async (file: string) => parseGolden(file, await read(file));
  return {
    primitives: await tensors('primitives.safetensors'),
    units: await tensors('optim-bn.safetensors'),
    maps: await tensors('small-inf-net.safetensors'),
    small: JSON.parse(new TextDecoder().decode(await read('small-inf-net.json'))) as SmallNetworkGolden,
  };
}

/** Runs one case on the backend in use and frees what it left. */
export async function runCase(
  { name, run }: ConformanceCase,
  golden: ConformanceGolden,
): Promise<CaseResult> {
  const start = performance.now();
  tf.engine().startScope();
  let fault: string | undefined;
  try {
    await run(golden);
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  } finally {
    tf.engine().endScope();
  }
  const milliseconds = Math.round(performance.now() - start);
  return fault === undefined ? { name, milliseconds } : { name, milliseconds, fault };
}
