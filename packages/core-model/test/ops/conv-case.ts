import type { ConvGeometry } from '../../src/ops/index.js';

/** A convolution to be tried. */
export interface ConvCase {
  readonly image: readonly [batch: number, height: number, width: number];
  /** [kh,kw,C,D] */
  readonly kernel: readonly [number, number, number, number];
  readonly geometry?: ConvGeometry;
}
