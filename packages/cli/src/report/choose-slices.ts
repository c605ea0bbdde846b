/**
 * Which slices a page shows: all of them, or `limit` evenly spread ones that include the first, the last and the one
 * with the largest area.
 *
 * @returns indices, ascending
 */
export function chooseSlices(areas: readonly number[], limit: number): number[] {
  const total = areas.length;
  if (total <= limit) return areas.map((_, index) => index);
  const most = areas.indexOf(Math.max(...areas));
  const chosen = new Set([most]);
  const spread = limit - 1;
  for (let i = 0; i < spread; i++) chosen.add(Math.round((i * (total - 1)) / Math.max(1, spread - 1)));
  return [...chosen].toSorted((a, b) => a - b);
}
