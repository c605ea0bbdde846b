import { plotColour } from '@infnet/metrics/export';
import { escapeHtml } from '../escape.js';

/** A chart of one or several lines over a whole-numbered axis, such as epochs. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly ChartLine[];
  /** Top of the axis; default: the next round number above the highest point. */
  readonly top?: number;
}

/** Points in order of x; what is not finite breaks the line. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 460;
const HEIGHT = 250;
/** Ticks of up to seven characters stand in the left one. */
const MARGIN = { left: 66, right: 14, top: 30, bottom: 40 } as const;
const LEGEND_LINE = 19;
/** Lines are told apart without colour too. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3'] as const;

/** The chart as SVG: text and grid take the page's colour, so that it stands in light and dark. */
export function lineChart({ title, xLabel, lines, top }: LineChart): string {
  const finite = lines.flatMap(({ points }) => points.filter((point) => point.every(Number.isFinite)));
  const ceiling = top ?? niceCeiling(Math.max(0, ...finite.map(([, y]) => y)));
  const xs = finite.map(([x]) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (value: number): number =>
    MARGIN.left + (last > first ? (value - first) / (last - first) : 0.5) * (right - MARGIN.left);
  const y = (value: number): number =>
    bottom - Math.min(Math.max(value / ceiling, 0), 1) * (bottom - MARGIN.top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * ceiling).toFixed(1);
    return `<path d="M${MARGIN.left} ${at}H${right}" class="grid"/>${text(MARGIN.left - 7, Number(at) + 4, tick(share * ceiling), 'end')}`;
  });
  const ticks =
    finite.length === 0
      ? []
      : xTicks(first, last).map((value) => text(x(value), bottom + 17, tick(value), 'middle'));
  const drawn = lines.map(({ points }, i) => {
    const places = points.map(([px, py]) => [x(px), y(py), Number.isFinite(py)] as const);
    const visible = places.filter(([, , isThere]) => isThere);
    const dots =
      visible.length > 40
        ? []
        : visible.map(
            ([px, py]) =>
              `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="2.4" fill="${plotColour(i)}"/>`,
          );
    return `<path d="${pathOf(places)}" fill="none" stroke="${plotColour(i)}"${dashOf(i)} stroke-width="2" stroke-linejoin="round"/>${dots.join('')}`;
  });
  const named = lines.length > 1 ? lines : [];
  const legend = named.map(({ name }, i) => {
    const at = HEIGHT + i * LEGEND_LINE + 6;
    return (
      `<path d="M${MARGIN.left} ${at - 4}h26" stroke="${plotColour(i)}"${dashOf(i)} stroke-width="2.5"/>` +
      text(MARGIN.left + 34, at, name, 'start')
    );
  });
  const height = HEIGHT + named.length * LEGEND_LINE;
  return (
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" class="chart"><title>${escapeHtml(title)} against ${escapeHtml(xLabel)}</title>` +
    `<text x="${MARGIN.left}" y="17" class="heading">${escapeHtml(title)}</text>` +
    [...grid, ...ticks, ...drawn].join('') +
    text((MARGIN.left + right) / 2, HEIGHT - 7, xLabel, 'middle') +
    `${legend.join('')}</svg>`
  );
}

function pathOf(places: readonly (readonly [x: number, y: number, isThere: boolean])[]): string {
  let isOpen = false;
  return places
    .map(([x, y, isThere]) => {
      const step = isThere ? `${isOpen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}` : '';
      isOpen = isThere;
      return step;
    })
    .join('');
}

function xTicks(first: number, last: number): number[] {
  const step = Math.max(1, niceCeiling((last - first) / 6, [1, 2, 5, 10]));
  const inner = Array.from({ length: 8 }, (_, i) => Math.ceil(first / step) * step + i * step);
  return [first, ...inner.filter((value) => value - first > step / 2 && value <= last)];
}

/** The next round number that is not below; 1 for nothing. */
function niceCeiling(value: number, steps: readonly number[] = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return steps.map((step) => step * power).find((step) => step >= value * 0.999) ?? 10 * power;
}

function dashOf(index: number): string {
  const dash = DASHES[index % DASHES.length]!;
  return dash === '' ? '' : ` stroke-dasharray="${dash}"`;
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function tick(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(2).replace(/\.?0+(?=e)/, '');
  return value === 0 ? '0' : value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false });
}
