import { escapeHtml } from './escape.js';

/** One line of {@link thresholdCurves}. */
export interface CurveLine {
  readonly name: string;
  /** One per threshold, in 0..1. */
  readonly values: readonly number[];
}

/** Colours that stay apart for colour-blind eyes, in light and dark. */
const COLOURS = [
  '#d63a2f',
  '#1683c4',
  '#0b8f6d',
  '#b06f00',
  '#8b5cd6',
  '#c2418f',
  '#5d6d7a',
  '#7a8b00',
] as const;
const SIDE = { width: 420, height: 250, left: 34, right: 10, top: 10, bottom: 26 } as const;

/** The colour of system `index`, the same in every drawing. */
export function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Scores against the threshold they were cut at, one line per system, as an SVG. */
export function thresholdCurves(
  title: string,
  thresholds: readonly number[],
  lines: readonly CurveLine[],
): string {
  const { width, height, left, right, top, bottom } = SIDE;
  const x = (threshold: number): string => (left + threshold * (width - left - right)).toFixed(1);
  const y = (value: number): string => (height - bottom - value * (height - top - bottom)).toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="tick" x="${left - 5}" y="${Number(y(value)) + 4}" text-anchor="end">${value}</text>` +
      `<text class="tick" x="${x(value)}" y="${height - 9}" text-anchor="middle">${value}</text>`,
  );
  const paths = lines.map(({ name, values }, i) => {
    const points = values.flatMap((value, k) =>
      Number.isFinite(value) ? `${x(thresholds[k]!)},${y(value)}` : [],
    );
    return (
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colourOf(i)}" stroke-width="2" stroke-linejoin="round">` +
      `<title>${escapeHtml(name)}</title></polyline>`
    );
  });
  const label = `${title} against threshold for ${lines.map(({ name }) => name).join(', ')}`;
  return `<figure><figcaption>${escapeHtml(title)}, by threshold</figcaption><svg class="curve still" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${grid.join('')}${paths.join('')}</svg></figure>`;
}
