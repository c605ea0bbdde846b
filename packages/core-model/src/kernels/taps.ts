/** Where the taps of a convolution are and how far they reach. */
export interface Taps {
  /** [kh,kw] */
  readonly size: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  /** Rows of zeros above and below, columns to the left and to the right. */
  readonly pad: readonly [number, number];
}

/** Rows and columns of a convolution's output, rounded down. */
export function outputSize(
  input: readonly [number, number],
  { size, stride, dilation, pad }: Taps,
): readonly [rows: number, columns: number] {
  const along = (axis: 0 | 1): number =>
    Math.floor((input[axis] + 2 * pad[axis] - dilation * (size[axis] - 1) - 1) / stride) + 1;
  return [along(0), along(1)];
}

/** Row and column of each place on a grid of this size, such as a kernel's taps; row by row. */
export function placesOf([rows, columns]: readonly [number, number]): readonly (readonly [number, number])[] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
}

/** Values of a patch, and of a kernel, that Winograd's F(2x2,3x3) transforms. */
export const WINOGRAD_VALUES = 16;
/** Channels below which its transforms take what its fewer multiplications save. */
const WINOGRAD_CHANNELS = 16;

/** Whether a convolution is computed by Winograd's F(2x2,3x3). So is its adjoint then. */
export function suitsWinograd(
  { size, stride, dilation, pad }: Taps,
  inputs: number,
  outputs: number,
): boolean {
  const threeByThree = size[0] === 3 && size[1] === 3 && stride === 1 && dilation === 1;
  return threeByThree && Math.max(...pad) <= 2 && Math.min(inputs, outputs) >= WINOGRAD_CHANNELS;
}
