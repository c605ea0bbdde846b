import { describe, expect, it } from 'vitest';
import { minMaxNormalise, toByteMap } from '../src/output-map.js';
import { readGolden } from './golden-files.js';

const golden = readGolden('preprocessing');

describe('the maps that the released code saves', () => {
  it.each(['p0', 'p1', 'p2', 'p3'])('are stretched and stored as in %s', (name) => {
    const logits = golden.get(`${name}.testtime_logits`)?.data ?? new Float32Array(0);
    const expected = golden.get(`${name}.testtime_norm`)?.data ?? new Float32Array(0);
    const normalised = minMaxNormalise(Float32Array.from(logits, (x) => 1 / (1 + Math.exp(-x))));
    expect(normalised).toHaveLength(expected.length);
    normalised.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThan(3e-7));
    expect(toByteMap(Float32Array.from(expected))).toEqual(golden.get(`${name}.testtime_u8`)?.data);
  });

  it('stay finite for a constant map', () => {
    expect([...minMaxNormalise(Float32Array.of(0.3, 0.3))]).toEqual([0, 0]);
    expect([...toByteMap(Float32Array.of(0, 0))]).toEqual([0, 0]);
  });
});
