import type { PoolMap, PoolSlice, PredictOptions } from './slice-pool.js';

/**
 * Hands slices to `predict`, so that up to `ahead` are in work, and gives the maps in the slices' order. When the
 * caller stops early, or a slice fails, what is in work is waited for by nobody, and no more slices are taken.
 */
export async function* inOrder<Slice extends PoolSlice>(
  slices: Iterable<Slice> | AsyncIterable<Slice>,
  ahead: number,
  predict: (slice: Slice) => Promise<PoolMap>,
  { signal }: PredictOptions,
): AsyncGenerator<{ readonly slice: Slice; readonly map: PoolMap }, void, undefined> {
  const working: { slice: Slice; map: Promise<PoolMap> }[] = [];
  for await (const slice of slices) {
    const map = predict(slice);
    map.catch(() => undefined); // its turn comes below; until then it must not count as unhandled
    working.push({ slice, map });
    if (working.length >= ahead) yield await finished(working, signal);
  }
  while (working.length > 0) yield await finished(working, signal);
}

async function finished<Slice>(
  working: { slice: Slice; map: Promise<PoolMap> }[],
  signal: AbortSignal | undefined,
): Promise<{ slice: Slice; map: PoolMap }> {
  const { slice, map } = working.shift()!;
  const done = await map;
  signal?.throwIfAborted(); // also where it was computed in time
  return { slice, map: done };
}
