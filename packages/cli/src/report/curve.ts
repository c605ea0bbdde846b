import type { AreaCurve } from './page-data.js';

/** Inner size of the drawing, in its own units; CSS scales it. */
const WIDTH = 460;
const HEIGHT = 140;
const MARGIN = { left: 48, right: 8, top: 10, bottom: 22 } as const;

/**
 * Infected area against slice number, as an SVG. The page's script moves its cursor and reads clicks; `data-left` and
 * `data-right` say where the first and the last slice are.
 */
export function curveSvg({ areas, unit }: AreaCurve): string {
  const bottom = HEIGHT - MARGIN.bottom;
  const right = WIDTH - MARGIN.right;
  const top = niceCeiling(Math.max(...areas));
  const x = (slice: number): number =>
    MARGIN.left + (areas.length > 1 ? slice / (areas.length - 1) : 0.5) * (right - MARGIN.left);
  const y = (area: number): number => bottom - (area / top) * (bottom - MARGIN.top);
  const points = areas.map((area, slice) => `${round(x(slice))},${round(y(area))}`);
  const ticks = [0, top / 2, top].map(
    (value) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      `<text class="tick" x="${MARGIN.left - 6}" y="${round(y(value) + 3.5)}" text-anchor="end">${tickText(value)}</text>`,
  );
  const most = areas.indexOf(Math.max(...areas));
  const label = `Infected area of each slice, largest ${tickText(areas[most]!)} ${unit} in slice ${most + 1}`;
  return (
    `<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" ` +
    `data-left="${MARGIN.left}" data-right="${right}" data-width="${WIDTH}">` +
    ticks.join('') +
    `<polygon class="area" points="${round(x(0))},${bottom} ${points.join(' ')} ${round(x(areas.length - 1))},${bottom}"/>` +
    `<polyline class="line" points="${points.join(' ')}"/>` +
    `<line class="cursor" x1="${round(x(most))}" x2="${round(x(most))}" y1="${MARGIN.top}" y2="${bottom}"/>` +
    `<text class="tick" x="${MARGIN.left}" y="${HEIGHT - 6}">1</text>` +
    `<text class="tick" x="${right}" y="${HEIGHT - 6}" text-anchor="end">${areas.length}</text>` +
    `<text class="tick" x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">slice</text></svg>`
  );
}

/** The next of 1, 2, 5, 10, ... that is not below; 1 for nothing. */
function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999) ?? 10 * power;
}

function tickText(value: number): string {
  return value === 0 ? '0' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
