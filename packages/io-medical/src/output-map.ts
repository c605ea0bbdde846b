/**
 * Stretches a map to 0..1 by its own least and greatest value: (x - min) / (max - min + 1e-8), in float32, as the
 * released code does before it saves a prediction. A healthy slice then reaches 1 somewhere too; use it only to
 * compare with the authors' maps.
 */
export function minMaxNormalise(map: Float32Array): Float32Array {
  const { min, max } = rangeOf(map);
  const range = Math.fround(Math.fround(max - min) + 1e-8);
  return map.map((value) => Math.fround(value - min) / range);
}

/** 8-bit image of a map as the reference's image writer makes it: stretched to 0..255 in float32, plus 0.5, cut off. */
export function toByteMap(map: Float32Array): Uint8Array {
  const { min, max } = rangeOf(map);
  const scale = Math.fround(max > min ? 255 / Math.fround(max - min) : 1);
  return Uint8Array.from(map, (value) =>
    Math.floor(Math.fround(Math.fround(Math.fround(value - min) * scale) + 0.5)),
  );
}

function rangeOf(map: Float32Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of map) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
