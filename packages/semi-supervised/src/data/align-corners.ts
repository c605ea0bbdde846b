/**
 * Bilinear resize with aligned corners, as the released code resizes a batch for multi-scale training
 * (`F.interpolate(mode='bilinear', align_corners=True)`): the outermost pixel centres stay where they are.
 *
 * @param picture row-major, `size` × `size`
 */
export function resizeAlignCorners(picture: Float32Array, size: number, newSize: number): Float32Array {
  if (newSize === size) return picture;
  const ratio = newSize > 1 ? (size - 1) / (newSize - 1) : 0;
  const resized = new Float32Array(newSize * newSize);
  for (let y = 0; y < newSize; y++) {
    const y0 = Math.min(Math.floor(y * ratio), size - 1);
    const fy = y * ratio - y0;
    const top = y0 * size;
    const bottom = Math.min(y0 + 1, size - 1) * size;
    for (let x = 0; x < newSize; x++) {
      const x0 = Math.min(Math.floor(x * ratio), size - 1);
      const x1 = Math.min(x0 + 1, size - 1);
      const fx = x * ratio - x0;
      const upper = (picture[top + x0] as number) * (1 - fx) + (picture[top + x1] as number) * fx;
      const lower = (picture[bottom + x0] as number) * (1 - fx) + (picture[bottom + x1] as number) * fx;
      resized[y * newSize + x] = upper * (1 - fy) + lower * fy;
    }
  }
  return resized;
}

/**
 * Side length of a scale in multi-scale training: `round(size · scale / 32) · 32`, halves to even as Python rounds.
 * 352 at 0.75, 1 and 1.25 gives 256, 352 and 448; 64 gives 64 thrice. At least 32.
 */
export function scaledSize(size: number, scale: number): number {
  const cells = (size * scale) / 32;
  const below = Math.floor(cells);
  const half = cells - below === 0.5;
  const rounded = half ? below + (below % 2) : Math.round(cells);
  return 32 * Math.max(rounded, 1);
}
