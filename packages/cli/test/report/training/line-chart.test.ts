import { describe, expect, it } from 'vitest';
import { lineChart } from '../../../src/report/training/line-chart.js';

describe('a line chart', () => {
  it.each([0.005, 0.0001, 3.3e-7, 0.9, 97, 15_000])('has room for its ticks: up to %d', (top) => {
    const lines = [
      {
        name: 'rate',
        points: [
          [1, top / 2],
          [2, top],
        ] as const,
      },
    ];
    const svg = lineChart({ title: 'Rate', xLabel: 'epoch', lines });
    const ticks = [...svg.matchAll(/<text x="([\d.]+)"[^>]* text-anchor="end">([^<]+)</g)];
    expect(ticks).toHaveLength(5);
    // A digit is 7.6 units wide at the size of the page's charts.
    for (const [, x, label] of ticks) expect(Number(x) - 7.6 * label!.length, label).toBeGreaterThan(0);
  });
});
