import { figure } from './markdown.js';

/** A line of a plot, in the plot's own units. Points that are not finite break it. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Shown behind the name, such as an area. */
  readonly note?: string;
}

/** A plot of lines in the unit square. */
export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly PlotLine[];
  /** A thin line from (0, 0) to (1, 1): chance in a ROC curve, truth in a reliability curve. */
  readonly diagonal?: boolean;
  /** Marks at the points themselves. */
  readonly dots?: boolean;
  /** What made the numbers; goes into the file's description. */
  readonly definition: string;
}

/** Colours that stay apart for colour-blind eyes, on light and on dark (after Okabe and Ito). */
const COLOURS = [
  '#d55e00',
  '#1683c4',
  '#0b8f6d',
  '#b07d00',
  '#8b5cd6',
  '#c2418f',
  '#5d7a86',
  '#7a8b00',
] as const;
/** Lines are told apart without colour too; a second round of colours gets another rhythm. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3'] as const;

const SIZE = {
  width: 460,
  plotHeight: 300,
  left: 52,
  right: 14,
  top: 34,
  bottom: 44,
  legendLine: 19,
} as const;

/**
 * A plot as SVG text without any dependency: axes 0..1, a legend, title and description for screen readers. Text and grid
 * take the colour of the surrounding text, so that it can stand in a light or a dark page.
 *
 * @example
 * ```ts
 * import { plotSvg } from '@infnet/metrics/export';
 *
 * const svg = plotSvg({
 *   title: 'Dice', xLabel: 'threshold', yLabel: 'Dice', definition: 'protocol standard',
 *   lines: [{ name: 'ours <b>', points: [[0, 0.5], [1, 0]] }],
 * });
 * console.log(svg.startsWith('<svg'), svg.includes('<b>'), svg.includes('ours &lt;b&gt;')); // true false true
 * ```
 */
export function plotSvg({
  title,
  xLabel,
  yLabel,
  lines,
  diagonal = false,
  dots = false,
  definition,
}: Plot): string {
  const { width, plotHeight, left, right, top, bottom, legendLine } = SIZE;
  const height = plotHeight + legendLine * lines.length;
  const x = (value: number): string => (left + clamp(value) * (width - left - right)).toFixed(1);
  const y = (value: number): string =>
    (plotHeight - bottom - clamp(value) * (plotHeight - top - bottom)).toFixed(1);
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (value) =>
      `<path d="M${x(0)} ${y(value)}H${x(1)}M${x(value)} ${y(0)}V${y(1)}" stroke="currentColor" stroke-opacity=".13"/>` +
      text(left - 7, Number(y(value)) + 4, String(value), 'end', 0.75) +
      text(Number(x(value)), plotHeight - bottom + 16, String(value), 'middle', 0.75),
  );
  const chance = diagonal
    ? `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="currentColor" stroke-opacity=".45" stroke-dasharray="3 3"/>`
    : '';
  const drawn = lines.map(({ points }, i) => {
    const stroke = `stroke="${plotColour(i)}"${dashOf(i)}`;
    const marks = dots
      ? points
          .filter((point) => point.every(Number.isFinite))
          .map(([px, py]) => `<circle cx="${x(px)}" cy="${y(py)}" r="3" fill="${plotColour(i)}"/>`)
      : [];
    return `<path d="${pathOf(points, x, y)}" fill="none" ${stroke} stroke-width="2" stroke-linejoin="round"/>${marks.join('')}`;
  });
  const legend = lines.map(({ name, note }, i) => {
    const at = plotHeight + i * legendLine + 6;
    const label = `${shortened(name)}${note === undefined ? '' : ` (${note})`}`;
    return (
      `<path d="M${left} ${at - 4}h26" stroke="${plotColour(i)}"${dashOf(i)} stroke-width="2.5"/>` +
      text(left + 34, at, label, 'start', 1)
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12">` +
    `<title>${escapeXml(title)}: ${escapeXml(yLabel)} against ${escapeXml(xLabel)}</title><desc>${escapeXml(definition)}</desc>` +
    text(left, 18, title, 'start', 1, ' font-weight="600" font-size="13.5"') +
    grid.join('') +
    chance +
    drawn.join('') +
    text((left + width - right) / 2, plotHeight - 10, xLabel, 'middle', 0.85) +
    `<g transform="rotate(-90 14 ${(top + plotHeight - bottom) / 2})">${text(14, (top + plotHeight - bottom) / 2, yLabel, 'middle', 0.85)}</g>` +
    legend.join('') +
    '</svg>'
  );
}

/**
 * The colour of line `index`, the same in every plot: for tables and legends beside them.
 *
 * @example
 * ```ts
 * import { plotColour } from '@infnet/metrics/export';
 *
 * console.log(plotColour(0)); // #d55e00
 * ```
 */
export function plotColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Moves and lines; a gap where a point is not finite. */
function pathOf(
  points: PlotLine['points'],
  x: (value: number) => string,
  y: (value: number) => string,
): string {
  let isDown = false;
  return points
    .map(([px, py]) => {
      const isFinite = Number.isFinite(px) && Number.isFinite(py);
      const step = isFinite ? `${isDown ? 'L' : 'M'}${x(px)} ${y(py)}` : '';
      isDown = isFinite;
      return step;
    })
    .join('');
}

function text(x: number, y: number, content: string, anchor: string, opacity: number, more = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="currentColor" fill-opacity="${opacity}"${more}>${escapeXml(content)}</text>`;
}

function dashOf(index: number): string {
  const dash = DASHES[index % DASHES.length]!;
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}

/** Area notes of legends. */
export function areaNote(label: string, area: number): string {
  return `${label} ${figure(area, 3)}`;
}

function shortened(name: string): string {
  const characters = Array.from(name);
  return characters.length > 44 ? `${characters.slice(0, 43).join('')}…` : name;
}

/** Text for XML content and attributes: markup escaped, characters that XML forbids left out. */
function escapeXml(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
