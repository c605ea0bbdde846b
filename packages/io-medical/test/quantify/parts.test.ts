import { describe, expect, it } from 'vitest';
import { diagonalAffine } from '../../src/affine.js';
import { LEFT_LUNG, RIGHT_LUNG } from '../../src/lung/labels.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { compareQuantities } from '../../src/quantify/compare-quantities.js';
import { quantify } from '../../src/quantify/quantify.js';
import { involvementScore } from '../../src/quantify/region.js';
import { volumeOf } from '../volumes.js';

const phantom = createPhantom({ seed: 2, dims: [72, 72, 24] });
const { volume, infection, lungs } = phantom;
const [nx] = volume.dims;
const labels = lungs.map((lung, i) => (lung === 0 ? 0 : i % nx < nx / 2 ? RIGHT_LUNG : LEFT_LUNG));

describe('lungs by side and zone', () => {
  const { lungs: found } = quantify(infection, volume, { lungs: { labels, method: 'the truth' } });

  it('add up to the whole, in voxels, millilitres and infection', () => {
    const sides = [found!.right!, found!.left!];
    const zones = found!.zones!;
    expect(zones.map(({ side, level }) => `${side} ${level}`)).toEqual([
      'right upper',
      'right middle',
      'right lower',
      'left upper',
      'left middle',
      'left lower',
    ]);
    for (const parts of [sides, zones]) {
      expect(parts.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(found!.voxels);
      expect(parts.reduce((sum, { affected }) => sum + affected.voxels, 0)).toBe(found!.affected.voxels);
      expect(parts.reduce((sum, { volumeMl }) => sum + volumeMl!, 0)).toBeCloseTo(found!.volumeMl!, 6);
    }
    expect(found!.right!.affected.voxels).toBe(
      infection.filter((value, i) => value === 1 && labels[i] === RIGHT_LUNG).length,
    );
    expect(found!.zoneScore).toBe(zones.reduce((sum, { score }) => sum + score, 0));
    expect(found!.outsideMask.voxels).toBe(0);
    expect(found!.healthyMeanHu).toBeGreaterThan(-900);
    expect(found!.healthyMeanHu).toBeLessThan(-650);
    expect(found!.method).toMatch(/^lungs: the truth; .*zone score/);
  });

  it('go by thirds of each lung of its own height', () => {
    // A right lung of three slices at the bottom, a left one of six; x runs to the left.
    const dims = [2, 1, 6] as const;
    const sided = Uint8Array.of(1, 2, 1, 2, 1, 2, 0, 2, 0, 2, 0, 2);
    const mask = Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    const grid = volumeOf(dims, new Int16Array(12), diagonalAffine([-1, -1, 1]));
    const { zones } = quantify(mask, grid, { lungs: { labels: sided } }).lungs!;
    expect(zones!.map(({ voxels, affected }) => [voxels, affected.voxels])).toEqual([
      [1, 0],
      [1, 0],
      [1, 1],
      [2, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(zones!.map(({ score }) => score)).toEqual([0, 0, 5, 4, 0, 4]);
  });

  it('give infection outside the lungs to the one on its side, and say how much there is', () => {
    const grid = volumeOf([6, 1, 1], new Int16Array(6), diagonalAffine([-1, -1, 1]));
    const sided = Uint8Array.of(0, 1, 0, 0, 2, 0);
    const { lungs: both } = quantify(Uint8Array.of(1, 0, 0, 0, 0, 1), grid, { lungs: { labels: sided } });
    expect(both).toMatchObject({ voxels: 4, affectedShare: 0.5, outsideMask: { voxels: 2 } });
    expect(both!.right).toMatchObject({ voxels: 2, affectedShare: 0.5 });
    expect(both!.left).toMatchObject({ voxels: 2, affectedShare: 0.5 });
  });
});

describe('lobes', () => {
  it('are scored 0 to 5 each and 0 to 25 together', () => {
    // Twenty voxels each, of which 0, 1, 5, 15 and 16 are infected: 0, 5, 25, 75 and 80 %.
    const lobes = Uint8Array.from({ length: 101 }, (_, i) => (i < 100 ? 1 + Math.floor(i / 20) : 0));
    const counts = [0, 1, 5, 15, 16];
    const mask = Uint8Array.from({ length: 101 }, (_, i) =>
      i === 100 || i % 20 < counts[lobes[i]! - 1]! ? 1 : 0,
    );
    const { lobes: found } = quantify(mask, volumeOf([101, 1, 1], new Int16Array(101)), { lobes });
    expect(found!.lobes.map(({ name, score }) => [name, score])).toEqual([
      ['left upper lobe', 0],
      ['left lower lobe', 2],
      ['right upper lobe', 2],
      ['right middle lobe', 4],
      ['right lower lobe', 5],
    ]);
    expect(found).toMatchObject({ severityScore: 13, outsideMask: { voxels: 1 } });
  });

  it.each([
    [0, 0],
    [0.001, 1],
    [0.0499, 1],
    [0.05, 2],
    [0.25, 2],
    [0.26, 3],
    [0.499, 3],
    [0.5, 4],
    [0.75, 4],
    [0.7501, 5],
    [1, 5],
  ])('an affected share of %f scores %i', (share, score) => {
    expect(involvementScore(share)).toBe(score);
  });
});

describe('tissue', () => {
  it('is parted by density, at stated thresholds, and adds up', () => {
    const hu = Int16Array.of(-900, -751, -750, -301, -300, 0, 50, 51);
    const grid = volumeOf([8, 1, 1], hu);
    const mask = new Uint8Array(8).fill(1);
    const { tissue, meanHu } = quantify(mask, grid);
    expect(tissue).toMatchObject({
      aerated: { voxels: 2 },
      groundGlass: { voxels: 2 },
      consolidation: { voxels: 3 },
      denser: { voxels: 1 },
    });
    expect(tissue!.method).toContain('-300');
    expect(meanHu).toBe(hu.reduce((sum, value) => sum + value, 0) / 8);
    const other = { aeratedBelow: -800, consolidationFrom: -200, consolidationTo: 100 };
    expect(quantify(mask, grid, { tissue: other }).tissue).toMatchObject({
      aerated: { voxels: 1 },
      groundGlass: { voxels: 4 },
      consolidation: { voxels: 3 },
    });
  });

  it('is parted by the labels of the mask where asked to', () => {
    const grid = { ...volumeOf([4, 1, 1], new Int16Array(4)), unit: 'grey' as const };
    expect(quantify(Uint8Array.of(0, 1, 2, 2), grid, { tissue: 'labels' }).tissue).toMatchObject({
      groundGlass: { voxels: 1 },
      consolidation: { voxels: 2 },
    });
    expect(quantify(Uint8Array.of(0, 1, 2, 2), grid)).not.toHaveProperty('tissue');
    expect(() => quantify(new Uint8Array(4), grid, { tissue: 'density' })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });

  it('of a phantom is mostly what it was made of', () => {
    const { tissue } = quantify(infection, volume);
    const glass = phantom.groundGlass.filter(Boolean).length;
    expect(Math.abs(tissue!.groundGlass.voxels / glass - 1)).toBeLessThan(0.35);
  });
});

describe('lesions', () => {
  it('are counted, measured and placed', () => {
    const mask = new Uint8Array(5 * 4 * 3);
    mask[0] = 1;
    for (const i of [23, 24, 44, 48]) mask[i] = 1;
    const grid = volumeOf(
      [5, 4, 3],
      Int16Array.from({ length: 60 }, (_, i) => i),
      diagonalAffine([-2, -2, 5], [10, 20, 30]),
    );
    const { lesions } = quantify(mask, grid);
    expect(lesions.count).toBe(2);
    expect(lesions.largest[0]).toMatchObject({ voxels: 4, volumeMl: 0.08, meanHu: (23 + 24 + 44 + 48) / 4 });
    const [x, y, z] = lesions.largest[0]!.centroidMm!;
    expect([x, y, z]).toEqual([10 - 2 * 3.5, 20 - 2 * 0.25, 30 + 5 * 1.5]);
    expect(lesions.largest[1]).toMatchObject({ voxels: 1, centroidMm: [10, 20, 30] });
    expect(quantify(mask, grid, { lesionRows: 1 }).lesions).toMatchObject({
      count: 2,
      largest: [{ voxels: 4 }],
    });
  });

  it('know their lung', () => {
    const found = quantify(infection, volume, { lungs: { labels } }).lesions;
    expect(new Set(found.largest.map(({ side }) => side))).toEqual(new Set(['right', 'left']));
  });
});

describe('compareQuantities', () => {
  const healthy = quantify(new Uint8Array(infection.length), volume, { lungs: { labels } });
  const ill = quantify(infection, volume, { lungs: { labels } });

  it('gives the change of every figure that both have', () => {
    const { changes, differences } = compareQuantities(healthy, ill);
    expect(differences).toEqual([]);
    const infected = changes.find(({ name }) => name === 'infection');
    expect(infected).toEqual({
      name: 'infection',
      unit: 'ml',
      earlier: 0,
      later: ill.volumeMl,
      change: ill.volumeMl,
    });
    const share = changes.find(({ name }) => name === 'share of the lungs');
    expect(share!.change).toBeCloseTo(100 * ill.lungs!.affectedShare, 10);
    expect(changes.map(({ name }) => name)).not.toContain('mean density');
    const back = compareQuantities(ill, healthy).changes.find(({ name }) => name === 'infection');
    expect(back).toMatchObject({ relativeChange: -1 });
  });

  it('names what was measured otherwise', () => {
    const other = quantify(infection, volume, { lungs });
    const { differences, changes } = compareQuantities(ill, other);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toContain('lungs: ');
    expect(changes.map(({ name }) => name)).not.toContain('zone score');
  });
});
