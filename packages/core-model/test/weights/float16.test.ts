import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from '../../src/weights/float16.js';
import { hash } from '../golden-scheme.js';

const allHalves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
const allValues = fromFloat16(allHalves);
const bitsOf = (value: number): number => toFloat16(Float32Array.of(value))[0]!;
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;

/** The finite halves from smallest to largest magnitude: position k is bit pattern k. */
const magnitudes = allValues.subarray(0, 0x7c00);

describe('float16', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
  ])('bits %i are %f', (bits, value) => {
    expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value);
    expect(bitsOf(value)).toBe(bits);
  });

  it('every bit pattern survives the way to float32 and back', () => {
    const back = toFloat16(allValues);
    const changed = allHalves.filter((bits) =>
      isNaNBits(bits) ? !isNaNBits(back[bits]!) || !Number.isNaN(allValues[bits]) : back[bits] !== bits,
    );
    expect([...changed]).toEqual([]);
  });

  it('halfway between neighbours goes to the even one, a float32 step beside it to the nearer', () => {
    const wrong: string[] = [];
    for (let low = 0; low < 0x7bff; low++) {
      const middle = (magnitudes[low]! + magnitudes[low + 1]!) / 2; // exact in float32
      const step = middle * 2 ** -23;
      const even = low % 2 === 0 ? low : low + 1;
      if (bitsOf(middle) !== even) wrong.push(`middle of ${low}`);
      if (bitsOf(middle - step) !== low) wrong.push(`below the middle of ${low}`);
      if (bitsOf(middle + step) !== low + 1) wrong.push(`above the middle of ${low}`);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds random float32 bit patterns to the nearest half', () => {
    const bits = Uint32Array.from({ length: 200_000 }, (_, i) => hash('float16', i));
    const values = new Float32Array(bits.buffer);
    const rounded = fromFloat16(toFloat16(values));
    const isNearest = (value: number, i: number): boolean => {
      const half = rounded[i]!;
      if (Number.isNaN(value)) return Number.isNaN(half);
      if (Math.abs(value) >= 65520) return half === Math.sign(value) * Infinity;
      const spacing = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
      return Math.abs(half - value) <= spacing / 2;
    };
    expect(values.filter((value, i) => !isNearest(value, i))).toHaveLength(0);
  });

  it('too large becomes infinity, too small a zero of the same sign', () => {
    expect(bitsOf(65519.996)).toBe(0x7bff);
    expect(bitsOf(65520)).toBe(0x7c00);
    expect(bitsOf(-1e38)).toBe(0xfc00);
    expect(bitsOf(2 ** -25)).toBe(0);
    expect(bitsOf(-(2 ** -25) * 1.001)).toBe(0x8001);
    expect(bitsOf(-1e-40)).toBe(0x8000);
  });
});
