import { describe, expect, it } from 'vitest';
import { planGroups } from '../../src/index.js';

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `volume-${i % 4}_${i}`);

describe('planGroups', () => {
  it('divides all slices into groups of five, the last one smaller', () => {
    const groups = planGroups(ids(23), 0);
    expect(groups.map((group) => group.length)).toEqual([5, 5, 5, 5, 3]);
    expect(groups.flat().toSorted()).toEqual(ids(23).toSorted());
  });

  it('drops what does not fill a group as the released code does', () => {
    const groups = planGroups(ids(23), 0, { remainder: 'drop' });
    expect(groups).toEqual(planGroups(ids(23), 0).slice(0, 4));
  });

  it('depends on the seed and the set of slices, not on their order', () => {
    expect(planGroups(ids(40).toReversed(), 7)).toEqual(planGroups(ids(40), 7));
    expect(planGroups(ids(40), 8)).not.toEqual(planGroups(ids(40), 7));
    expect(planGroups(ids(40), 7).flat()).not.toEqual(ids(40).toSorted());
  });

  it('takes the slices of a group from different volumes where asked', () => {
    const groups = planGroups(ids(40), 3, { groupSize: 4, grouping: 'volume' });
    const volumes = groups.map((group) => new Set(group.map((id) => id.split('_')[0])).size);
    expect(volumes).toEqual(Array.from({ length: 10 }, () => 4));
    const byChance = planGroups(ids(40), 3, { groupSize: 4 });
    expect(byChance.some((group) => new Set(group.map((id) => id.split('_')[0])).size < 4)).toBe(true);
  });

  it('knows volumes by the caller’s rule', () => {
    const groups = planGroups(['a1', 'a2', 'b1', 'b2'], 0, {
      groupSize: 2,
      grouping: 'volume',
      volumeOf: (id) => id.slice(1),
    });
    expect(groups.map((group) => group.map((id) => id.slice(1)).toSorted())).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('makes one group where there are fewer slices than fit', () => {
    expect(planGroups(ids(3), 0, { groupSize: 5 })).toHaveLength(1);
    expect(() => planGroups(ids(3), 0, { groupSize: 5, remainder: 'drop' })).toThrow(/do not fill one group/);
  });

  it.each([0, -1, 2.5, NaN])('refuses groups of %s', (groupSize) => {
    expect(() => planGroups(ids(3), 0, { groupSize })).toThrow(/groupSize is/);
  });
});
