import type { Taps } from '../kernels/index.js';

/** Geometry of a convolution, PyTorch's way: the same padding on both sides, output size rounded down. */
export interface ConvGeometry {
  readonly stride?: number;
  /** Zeros on each side, [rows, columns] or one number for both. */
  readonly pad?: number | readonly [number, number];
  /** Distance of kernel taps; more than 1 only with stride 1. */
  readonly dilation?: number;
  /** The input is data: spare its gradient, which then is not given. Default false. */
  readonly constantInput?: boolean;
}

/** The geometry spelled out for a kernel of this shape, [kh,kw,C,D]. */
export function tapsFor(
  [kh, kw]: readonly [number, number, number, number],
  { stride = 1, dilation = 1, pad = 0 }: ConvGeometry,
): Taps {
  return { size: [kh, kw], stride, dilation, pad: typeof pad === 'number' ? [pad, pad] : pad };
}
