import type { GreyImage } from './volume.js';

/**
 * Edge of a mask as the paper says and the data set's own Edge images have it: the gradient of the 0/1 mask is not
 * zero. Central differences inside, one-sided at the border.
 *
 * @param mask values above `threshold` are mask
 * @returns 0 or 255 per pixel
 */
export function gradientEdge(
  mask: GreyImage,
  { threshold = 128 }: { readonly threshold?: number } = {},
): GreyImage<Uint8Array> {
  const { width, height } = mask;
  const inside = new Uint8Array(width * height);
  for (let i = 0; i < inside.length; i++) inside[i] = (mask.data[i] ?? 0) > threshold ? 1 : 0;
  const edge = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++, i++) {
      const row = y * width;
      const left = inside[row + Math.max(0, x - 1)];
      const right = inside[row + Math.min(width - 1, x + 1)];
      if (left !== right || inside[above + x] !== inside[below + x]) edge[i] = 255;
    }
  }
  return { width, height, data: edge };
}
