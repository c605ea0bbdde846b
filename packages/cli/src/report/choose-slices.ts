/**
 * Which slices a page shows: all of them, or `limit` evenly spread ones, first and last included, of which the nearest
 * gives way to the slice with the largest area.
 *
 * @param limit at least 3
 * @returns indices, ascending
 */
export function chooseSlices(areas: readonly number[], limit: number): number[] {
  const total = areas.length;
  if (total <= limit) return areas.map((_, index) => index);
  const chosen = Array.from({ length: limit }, (_, i) => Math.round((i * (total - 1)) / (limit - 1)));
  const most = areas.indexOf(Math.max(...areas));
  if (!chosen.includes(most)) {
    const inner = chosen.slice(1, -1);
    const distances = inner.map((index) => Math.abs(index - most));
    chosen[1 + distances.indexOf(Math.min(...distances))] = most;
  }
  return chosen;
}
