import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from '../../src/stats/normal.js';

describe('normal distribution, against scipy 1.10', () => {
  it.each([
    [-6, 9.865876450376946e-10],
    [-3.3, 0.00048342414238377744],
    [-1.96, 0.024997895148220435],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [1.2, 0.8849303297782918],
    [2.9, 0.998134186699616],
    [3.7, 0.9998922002665226],
    [5.5, 0.9999999810104375],
  ])('P(Z <= %d)', (z, wanted) => {
    expect(Math.abs(normalCdf(z) / wanted - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [1e-9, -5.9978070150076865],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.5, 0],
    [0.77, 0.7388468491852137],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
    [0, -Infinity],
    [1, Infinity],
  ])('quantile of %d', (p, wanted) => {
    if (Number.isFinite(wanted)) expect(Math.abs(normalQuantile(p) - wanted)).toBeLessThan(1e-11);
    else expect(normalQuantile(p)).toBe(wanted);
  });
});
