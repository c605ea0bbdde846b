/** Small seeded generator (mulberry32) of numbers in [0, 1). */
export function randomGenerator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A map that follows its mask loosely: 8-bit values, mask of 0 and 1 with a blob in it. */
export function randomCase(
  seed: number,
  width: number,
  height: number,
): { prediction: Uint8Array; groundTruth: Uint8Array } {
  const random = randomGenerator(seed);
  const centre = [random() * width, random() * height] as const;
  const radius = (0.15 + 0.25 * random()) * Math.min(width, height);
  const prediction = new Uint8Array(width * height);
  const groundTruth = new Uint8Array(width * height);
  for (let i = 0; i < prediction.length; i++) {
    const gap = Math.hypot((i % width) - centre[0], Math.floor(i / width) - centre[1]) - radius;
    groundTruth[i] = gap < 0 ? 1 : 0;
    prediction[i] = Math.max(0, Math.min(255, Math.round(128 - 20 * gap + 120 * (random() - 0.5))));
  }
  return { prediction, groundTruth };
}
