import { describe, expect, it } from 'vitest';
import {
  averageSymmetricSurfaceDistance,
  boundaryIou,
  distanceTransform,
  evaluateBoundary,
  hausdorffDistance,
  MetricsError,
  normalizedSurfaceDice,
  robustHausdorffDistance,
  type BoundaryOptions,
  type BoundaryReport,
  type EvaluateBoundaryOptions,
} from '../../src/index.js';
import { randomGenerator } from '../support/random.js';

const volume = { width: 9, height: 8, depth: 6, spacing: [0.8, 1.1, 2.5] } as const;
const image = { width: 13, height: 11, spacing: [0.7, 1.3] } as const;
const layouts = [
  ['image', image],
  ['volume', volume],
] as const;

/** A few random boxes. */
function randomMask(random: () => number, { width, height, depth = 1 }: BoundaryOptions): Uint8Array {
  const mask = new Uint8Array(width * height * depth);
  const range = (length: number): [number, number] => {
    const from = Math.floor(random() * length);
    return [from, from + Math.floor(random() * (length - from))];
  };
  for (let box = 0; box < 3; box++) {
    const [[x0, x1], [y0, y1], [z0, z1]] = [range(width), range(height), range(depth)];
    for (let z = z0; z <= z1; z++)
      for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) mask[x + width * (y + height * z)] = 1;
  }
  return mask;
}

/** Border voxels as points, from the definition. */
function borderPoints(
  mask: Uint8Array,
  { width, height, depth = 1, spacing = [1, 1, 1] }: BoundaryOptions,
): number[][] {
  const at = (x: number, y: number, z: number): number =>
    x < 0 || y < 0 || z < 0 || x >= width || y >= height || z >= depth
      ? 0
      : mask[x + width * (y + height * z)]!;
  const sides = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    ...(depth > 1
      ? [
          [0, 0, 1],
          [0, 0, -1],
        ]
      : []),
  ];
  return [...mask.keys()].flatMap((i) => {
    const [x, y, z] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const isBorder = at(x, y, z) === 1 && sides.some(([a, b, c]) => at(x + a!, y + b!, z + c!) === 0);
    return isBorder ? [[x * spacing[0]!, y * spacing[1]!, z * (spacing[2] ?? 1)]] : [];
  });
}

function directed(from: number[][], to: number[][]): number[] {
  return from
    .map((a) => Math.min(...to.map((b) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!))))
    .toSorted((a, b) => a - b);
}

function percentile(sorted: number[], percent: number): number {
  const rank = ((sorted.length - 1) * percent) / 100;
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return low + (high - low) * (rank % 1);
}

const numbersOf = ({ definition: _definition, ...numbers }: BoundaryReport): Record<string, number> =>
  numbers;

describe.each(layouts)('distances between borders of an %s', (_, layout) => {
  it('equal brute force', () => {
    const random = randomGenerator(21);
    for (let run = 0; run < 40; run++) {
      const [prediction, groundTruth] = [randomMask(random, layout), randomMask(random, layout)];
      const [p, g] = [borderPoints(prediction, layout), borderPoints(groundTruth, layout)];
      const [pg, gp] = [directed(p, g), directed(g, p)];
      const pooled = [...pg, ...gp].toSorted((a, b) => a - b);
      const mean = (values: number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const report = evaluateBoundary(prediction, groundTruth, { ...layout, tolerance: 1.25 });
      const wanted = {
        hausdorff: pooled.at(-1)!,
        hd95Pooled: percentile(pooled, 95),
        hd95DirectedMax: Math.max(percentile(pg, 95), percentile(gp, 95)),
        assdPooled: mean(pooled),
        assdMeanOfDirected: (mean(pg) + mean(gp)) / 2,
        asdToTruth: mean(pg),
        asdToPrediction: mean(gp),
        nsdBorderVoxels: pooled.filter((distance) => distance <= 1.25).length / pooled.length,
        predictedBorderVoxels: p.length,
      };
      for (const [name, value] of Object.entries(wanted)) {
        expect([name, report[name as keyof typeof wanted].toFixed(11)]).toEqual([name, value.toFixed(11)]);
      }
    }
  });
});

describe.each(layouts)('properties on an %s', (_, layout) => {
  const random = randomGenerator(33);
  const pairs = Array.from(
    { length: 12 },
    () => [randomMask(random, layout), randomMask(random, layout)] as const,
  );
  const options: EvaluateBoundaryOptions = { ...layout, tolerance: 1.3, dilation: 1 };

  it('swapping the masks swaps the directions and nothing else', () => {
    for (const [a, b] of pairs) {
      const [forward, backward] = [evaluateBoundary(a, b, options), evaluateBoundary(b, a, options)];
      for (const name of [
        'hausdorff',
        'hd95Pooled',
        'hd95DirectedMax',
        'hd95SurfelWeighted',
        'boundaryIou',
      ] as const) {
        expect(forward[name]).toBe(backward[name]);
      }
      for (const name of ['assdPooled', 'assdSurfelWeighted', 'nsdSurfels', 'nsdBorderVoxels'] as const) {
        expect(forward[name]).toBeCloseTo(backward[name], 12);
      }
      expect(forward.asdToTruth).toBe(backward.asdToPrediction);
      expect(forward.surfelAsdToTruth).toBe(backward.surfelAsdToPrediction);
    }
  });

  it('a mask against itself is perfect, and everything stays in bounds and in order', () => {
    for (const [a, b] of pairs) {
      const perfect = evaluateBoundary(a, a, options);
      for (const [name, value] of Object.entries(numbersOf(perfect))) {
        if (/^(hausdorff|hd95|assd|asd|surfelAsd)/.test(name)) expect([name, value]).toEqual([name, 0]);
        if (/^nsd|Iou$/.test(name)) expect([name, value]).toEqual([name, 1]);
      }
      const report = evaluateBoundary(a, b, options);
      expect(report.hd95Pooled).toBeLessThanOrEqual(report.hausdorff);
      expect(report.hd95DirectedMax).toBeLessThanOrEqual(report.hausdorff);
      expect(report.assdPooled).toBeLessThanOrEqual(report.hd95DirectedMax + 1e-12);
      for (const share of [report.nsdSurfels, report.nsdBorderVoxels, report.boundaryIou]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }
  });

  it('distances scale with the spacing, shares with spacing and tolerance do not', () => {
    for (const [a, b] of pairs) {
      const scaled = { ...options, spacing: layout.spacing.map((step) => 3 * step), tolerance: 3.9 };
      const [before, after] = [evaluateBoundary(a, b, options), evaluateBoundary(a, b, scaled)];
      for (const [name, value] of Object.entries(numbersOf(before))) {
        const factor = /^(hausdorff|hd95|assd|asd|surfelAsd)/.test(name)
          ? 3
          : name.endsWith('Surface')
            ? 3 ** (layout === image ? 1 : 2)
            : 1;
        expect(after[name as 'hausdorff']).toBeCloseTo(factor * value, 9);
      }
    }
  });

  it('nothing changes when both masks move, away from the edge', () => {
    const { width, height } = layout;
    const depth = layout === volume ? volume.depth : 1;
    const roomy = { ...options, width: width + 6, height: height + 6, depth: depth === 1 ? 1 : depth + 6 };
    const place = (mask: Uint8Array, dx: number, dy: number, dz: number): Uint8Array => {
      const moved = new Uint8Array(roomy.width * roomy.height * roomy.depth);
      mask.forEach((value, i) => {
        const [x, y, z] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
        moved[x + dx + roomy.width * (y + dy + roomy.height * (z + dz))] = value;
      });
      return moved;
    };
    for (const [a, b] of pairs) {
      const at = (dx: number, dy: number, dz: number): BoundaryReport =>
        evaluateBoundary(place(a, dx, dy, dz), place(b, dx, dy, dz), roomy);
      expect(at(1, 5, depth === 1 ? 0 : 4)).toEqual(at(3, 2, depth === 1 ? 0 : 1));
    }
  });

  it('single measures agree with the report', () => {
    for (const [a, b] of pairs) {
      const report = evaluateBoundary(a, b, options);
      expect(hausdorffDistance(a, b, layout)).toBe(report.hausdorff);
      expect(robustHausdorffDistance(a, b, { ...layout, definition: 'pooled' })).toBe(report.hd95Pooled);
      expect(robustHausdorffDistance(a, b, { ...layout, definition: 'directed-max' })).toBe(
        report.hd95DirectedMax,
      );
      expect(robustHausdorffDistance(a, b, { ...layout, definition: 'surfel-weighted' })).toBe(
        report.hd95SurfelWeighted,
      );
      expect(robustHausdorffDistance(a, b, { ...layout, definition: 'pooled', percentile: 100 })).toBe(
        report.hausdorff,
      );
      expect(averageSymmetricSurfaceDistance(a, b, layout)).toBe(report.assdPooled);
      expect(averageSymmetricSurfaceDistance(a, b, { ...layout, definition: 'mean-of-directed' })).toBe(
        report.assdMeanOfDirected,
      );
      const nsd = { ...layout, tolerance: 1.3 };
      expect(normalizedSurfaceDice(a, b, { ...nsd, surface: 'surfels' })).toBe(report.nsdSurfels);
      expect(normalizedSurfaceDice(a, b, { ...nsd, surface: 'border-voxels' })).toBe(report.nsdBorderVoxels);
      expect(boundaryIou(a, b, { ...layout, dilation: 1 })).toBe(report.boundaryIou);
    }
  });
});

describe('what is missing', () => {
  const size = { width: 4, height: 3, spacing: [1, 2] };
  const [none, some] = [new Uint8Array(12), Uint8Array.from({ length: 12 }, (_, i) => (i === 5 ? 1 : 0))];

  it('costs what the caller says', () => {
    expect(hausdorffDistance(none, some, size)).toBe(Infinity);
    expect(hausdorffDistance(none, some, { ...size, missedDistance: 'diagonal' })).toBeCloseTo(
      Math.hypot(4, 6),
      14,
    );
    expect(hausdorffDistance(none, some, { ...size, missedDistance: 9 })).toBe(9);
    expect(hausdorffDistance(some, none, { ...size, missedDistance: 9 })).toBeNaN();
    expect(hausdorffDistance(some, none, { ...size, missedDistance: 9, empty: 'one-zero' })).toBe(9);
    expect(hausdorffDistance(none, none, { ...size, empty: 'one-zero' })).toBe(0);
  });

  it('is recorded, as text that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(evaluateBoundary(some, some, size).definition))).toMatchObject({
      spacing: [1, 2],
      missedDistance: 'Infinity',
      empty: 'nan',
      tolerance: 1,
      percentile: 95,
    });
  });

  it('a distance that equals the tolerance up to rounding is within', () => {
    const [a, b] = [Uint8Array.of(1, 0, 0, 0), Uint8Array.of(0, 0, 0, 1)];
    const options = { width: 4, height: 1, spacing: [0.8, 1], surface: 'border-voxels' } as const;
    expect(normalizedSurfaceDice(a, b, { ...options, tolerance: 2.4 })).toBe(1);
    expect(normalizedSurfaceDice(a, b, { ...options, tolerance: 2.399999 })).toBe(0);
  });
});

describe('bad options', () => {
  const mask = Uint8Array.of(1, 0);
  const size = { width: 2, height: 1 };
  it.each<[string, string, () => unknown]>([
    ['invalid-shape', 'width and height', () => hausdorffDistance(mask, mask, { width: 2, height: 0 })],
    ['length-mismatch', 'prediction holds 2', () => hausdorffDistance(mask, mask, { ...size, depth: 2 })],
    ['invalid-option', 'spacing', () => hausdorffDistance(mask, mask, { ...size, spacing: [1, -1] })],
    ['invalid-option', 'spacing is [1]', () => hausdorffDistance(mask, mask, { ...size, spacing: [1] })],
    [
      'invalid-option',
      'missedDistance',
      () => hausdorffDistance(mask, mask, { ...size, missedDistance: NaN }),
    ],
    [
      'invalid-option',
      'empty',
      () => hausdorffDistance(mask, mask, { ...size, empty: 'reference' as never }),
    ],
    ['invalid-option', 'tolerance', () => evaluateBoundary(mask, mask, { ...size, tolerance: -1 })],
    ['invalid-option', 'dilation', () => boundaryIou(mask, mask, { ...size, dilation: 0.5 })],
    [
      'invalid-option',
      'definition',
      () => robustHausdorffDistance(mask, mask, { ...size, definition: undefined as never }),
    ],
    [
      'invalid-option',
      'percentile',
      () => robustHausdorffDistance(mask, mask, { ...size, definition: 'pooled', percentile: 101 }),
    ],
    [
      'invalid-option',
      'surface',
      () => normalizedSurfaceDice(mask, mask, { ...size, tolerance: 1, surface: 'faces' as never }),
    ],
    ['ambiguous-mask', 'prediction', () => hausdorffDistance(Uint8Array.of(3, 0), mask, size)],
    ['ambiguous-mask', 'mask', () => distanceTransform(Uint8Array.of(3, 0), size)],
  ])('%s: %s', (code, message, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
