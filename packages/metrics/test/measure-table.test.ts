import { describe, expect, it } from 'vitest';
import { MeasureTable, MetricsError } from '../src/index.js';
import { randomGenerator } from './support/random.js';

function table(from: number, to: number): MeasureTable<'dice' | 'hd95'> {
  const measures = new MeasureTable(['dice', 'hd95'] as const);
  const random = randomGenerator(8);
  for (let i = 0; i < to; i++) {
    const values = { dice: random() < 0.2 ? NaN : random(), hd95: 10 * random() };
    if (i >= from) measures.add(`case ${i}`, values);
  }
  return measures;
}

describe('means', () => {
  it('cover what is defined, and say so', () => {
    const { rows, means, cases } = table(0, 30).summary();
    const dice = rows.map(({ values }) => values.dice).filter((value) => !Number.isNaN(value));
    expect(cases).toBe(30);
    expect(means.dice).toMatchObject({ n: dice.length, excluded: 30 - dice.length });
    expect(means.dice.value).toBeCloseTo(dice.reduce((sum, value) => sum + value) / dice.length, 14);
  });

  it('a missed lesion does not vanish from a mean distance', () => {
    const measures = new MeasureTable(['hd95']);
    for (const hd95 of [3, Infinity, 5]) measures.add(`distance ${hd95}`, { hd95 });
    expect(measures.summary().means['hd95']).toEqual({ value: Infinity, sd: NaN, n: 3, excluded: 0 });
  });

  it('of nothing are NaN with n = 0, of one case have no spread', () => {
    expect(new MeasureTable(['x']).summary().means['x']).toEqual({ value: NaN, sd: NaN, n: 0, excluded: 0 });
    const one = new MeasureTable(['x']);
    one.add('a', { x: 2 });
    expect(one.summary().means['x']).toEqual({ value: 2, sd: NaN, n: 1, excluded: 0 });
  });
});

describe('merge and JSON', () => {
  it('parts make the whole, NaN and Infinity included', () => {
    const parts = [table(0, 9), table(9, 30)].map((part) => MeasureTable.fromJSON(JSON.stringify(part)));
    parts[0]!.add('missed', { dice: 0, hd95: Infinity });
    const whole = table(0, 30);
    whole.add('missed', { dice: 0, hd95: Infinity });
    const merged = parts[0]!.merge(parts[1]!);
    expect(new Set(merged.summary().rows)).toEqual(new Set(whole.summary().rows));
    expect(merged.size).toBe(31);
    expect(merged.summary().means['dice']!.value).toBeCloseTo(whole.summary().means.dice.value, 13);
  });

  it.each([
    ['duplicate-id', () => table(0, 3).add('case 1', { dice: 1, hd95: 1 })],
    ['duplicate-id', () => table(0, 3).merge(table(2, 5))],
    ['definition-mismatch', () => table(0, 1).merge(new MeasureTable(['dice']) as never)],
    ['invalid-state', () => MeasureTable.fromJSON('[]')],
    ['invalid-state', () => MeasureTable.fromJSON({ ...table(0, 1).toJSON(), names: [1] })],
    ['invalid-state', () => MeasureTable.fromJSON({ ...table(0, 1).toJSON(), rows: [{ id: 'x' }] })],
    ['invalid-state', () => MeasureTable.fromJSON({ ...table(0, 1).toJSON(), rows: [null] })],
  ])('%s', (code, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
