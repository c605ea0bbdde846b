/**
 * Grey value of a colour, as PIL's `convert('L')`: ITU-R 601-2 luma in 16-bit fixed point, rounded.
 *
 * @param r red, 0..255 (likewise `g`, `b`)
 */
export function luma(r: number, g: number, b: number): number {
  return (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
}

/** Luma of interleaved 8-bit pixels of `channels` (3 or 4) values; a fourth, alpha, is left out as PIL does. */
export function lumaOfPixels(pixels: ArrayLike<number>, channels: number): Uint8Array {
  const grey = new Uint8Array(pixels.length / channels);
  for (let i = 0, p = 0; i < grey.length; i++, p += channels) {
    grey[i] = luma(pixels[p] ?? 0, pixels[p + 1] ?? 0, pixels[p + 2] ?? 0);
  }
  return grey;
}
