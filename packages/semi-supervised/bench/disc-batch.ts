import type { Batch } from '../src/index.js';

/** Slices of a lesion each: a disc, and its rim as the edge. */
export function discBatch(count: number, size: number): Batch {
  const pictures = Array.from({ length: count }, (_, slice) => {
    const radius = (size * (slice + 2)) / (4 * count + 8);
    return Array.from({ length: size * size }, (__, pixel) => {
      const distance = Math.hypot((pixel % size) - size / 3, Math.floor(pixel / size) - size / 2) - radius;
      return {
        grey: distance < 0 ? 160 : pixel % 97,
        mask: Number(distance < 0),
        edge: Number(Math.abs(distance) < 1),
      };
    });
  }).flat();
  return {
    ids: Array.from({ length: count }, (_, slice) => `disc ${slice}`),
    size,
    images: Float32Array.from(pictures, ({ grey }) => grey),
    masks: Float32Array.from(pictures, ({ mask }) => mask),
    edges: Float32Array.from(pictures, ({ edge }) => edge),
  };
}
