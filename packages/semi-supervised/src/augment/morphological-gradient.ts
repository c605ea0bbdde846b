/**
 * Dilation minus erosion by a 3×3 square: the rim of a mask, one pixel to either side of its border. Soft masks give
 * soft rims; beyond the picture nothing is added.
 *
 * @param mask row-major, any range
 */
export function morphologicalGradient(mask: Float32Array, width: number, height: number): Float32Array {
  const rowMax = new Float32Array(mask.length);
  const rowMin = new Float32Array(mask.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const here = mask[i] as number;
      const left = x > 0 ? (mask[i - 1] as number) : here;
      const right = x + 1 < width ? (mask[i + 1] as number) : here;
      rowMax[i] = Math.max(left, here, right);
      rowMin[i] = Math.min(left, here, right);
    }
  }
  const rim = new Float32Array(mask.length);
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const down = y + 1 < height ? width : 0;
    for (let i = y * width; i < (y + 1) * width; i++) {
      const highest = Math.max(rowMax[i + up] as number, rowMax[i] as number, rowMax[i + down] as number);
      const lowest = Math.min(rowMin[i + up] as number, rowMin[i] as number, rowMin[i + down] as number);
      rim[i] = highest - lowest;
    }
  }
  return rim;
}
