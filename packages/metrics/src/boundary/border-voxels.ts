import type { Box } from './crop-pair.js';

/**
 * The voxels of a mask that touch its background, or the edge of the image, with a side (4 neighbours in an image, 6 in
 * a volume): what medpy, MONAI and MetricsReloaded call the surface.
 *
 * @returns 1 at the border, same size as the box
 */
export function borderVoxels({ bytes, width, height, depth, isVolume }: Box): Uint8Array {
  const border = new Uint8Array(bytes.length);
  const area = width * height;
  const up = isVolume ? area : 0; // in an image a voxel is its own neighbour above and below
  for (let z = isVolume ? 1 : 0; z < depth - (isVolume ? 1 : 0); z++) {
    for (let y = 1; y < height - 1; y++) {
      const row = z * area + y * width;
      for (let i = row + 1; i < row + width - 1; i++) {
        if (bytes[i] === 0) continue;
        const inside =
          bytes[i - 1]! &
          bytes[i + 1]! &
          bytes[i - width]! &
          bytes[i + width]! &
          bytes[i - up]! &
          bytes[i + up]!;
        if (inside === 0) border[i] = 1;
      }
    }
  }
  return border;
}
