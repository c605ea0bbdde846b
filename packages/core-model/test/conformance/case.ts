import type { GoldenFile } from '../golden-parse.js';

/** The small network's golden numbers; see make_small_network.py. */
export interface SmallNetworkGolden {
  readonly options: { width: number; channels: number; blocks: [number, number, number, number] };
  /** PyTorch order: [B,3,H,W]. */
  readonly batch: [number, number, number, number];
  readonly shapes: Record<string, number[]>;
  readonly frozen: {
    readonly loss: number;
    readonly learningRate: number;
    readonly lossAfterStep: number;
    /** L2 norm and four values of each gradient. */
    readonly gradients: Record<string, [number, number, number, number, number]>;
  };
  readonly batchNorm: { readonly loss: number; readonly gradientNorms: Record<string, number> };
}

/** The golden numbers that the cases compare with; a page gets them otherwise than Node. */
export interface ConformanceGolden {
  readonly primitives: GoldenFile;
  readonly units: GoldenFile;
  readonly maps: GoldenFile;
  readonly small: SmallNetworkGolden;
  /** A further file of test/golden. */
  readonly read: (file: string) => Promise<Uint8Array>;
}

/** One thing that a backend must get right. A plain function, so that it runs in any process and in a page. */
export interface ConformanceCase {
  readonly name: string;
  /** Takes some twenty seconds or more on a GPU that is imitated in software. */
  readonly slow?: boolean;
  /**
   * Rejects, saying what is wrong; may give the largest difference that it met. Tensors left over are freed by the
   * caller.
   */
  readonly run: (golden: ConformanceGolden) => Promise<number | void>;
}

/** How a case went. */
export interface CaseResult {
  readonly name: string;
  readonly milliseconds: number;
  /** The largest difference to the golden numbers, where the case tells it. */
  readonly worst?: number;
  /** What was wrong; absent when nothing was. */
  readonly fault?: string;
}

/** Fails unless `value` is below `bar`; NaN fails too. */
export function requireBelow(value: number, bar: number, what: string): void {
  if (!(value < bar)) throw new Error(`${what}: ${value} is not below ${bar}`);
}

/** Fails unless the statement holds. */
export function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
