import { describe, expect, it } from 'vitest';
import { resizeBilinear, resizeNearest } from '../src/resize.js';
import { readGolden } from './golden-files.js';

const golden = readGolden('preprocessing');

function tensor(name: string): { shape: readonly number[]; data: Uint8Array | Float32Array } {
  const found = golden.get(name);
  if (found === undefined) throw new Error(`no ${name} in the golden file`);
  return found;
}

describe('resizeBilinear', () => {
  it.each(['p0', 'p1', 'p2', 'p3'])('gives PIL values for the colour image %s', (name) => {
    const { shape, data } = tensor(`${name}.image_u8`);
    const [height = 0, width = 0] = shape;
    const expected = tensor(`${name}.image_resized_u8`);
    const [outHeight = 0, outWidth = 0] = expected.shape;
    for (let channel = 0; channel < 3; channel++) {
      const plane = Uint8Array.from({ length: width * height }, (_, i) => data[i * 3 + channel] ?? 0);
      const resized = resizeBilinear({ width, height, data: plane }, outWidth, outHeight);
      expect(resized.data).toEqual(
        Uint8Array.from({ length: outWidth * outHeight }, (_, i) => expected.data[i * 3 + channel] ?? 0),
      );
    }
  });

  it.each(['p0', 'p1', 'p2', 'p3'])('gives PIL values for the mask %s', (name) => {
    const { shape, data } = tensor(`${name}.mask_u8`);
    const [height = 0, width = 0] = shape;
    const expected = tensor(`${name}.mask_tensor`);
    const resized = resizeBilinear(
      { width, height, data: Uint8Array.from(data) },
      expected.shape[2] ?? 0,
      expected.shape[1] ?? 0,
    );
    expect(Float32Array.from(resized.data, (value) => value / 255)).toEqual(expected.data);
  });

  it('keeps constants, and equals the 8-bit form within rounding for floats', () => {
    const constant = resizeBilinear({ width: 7, height: 5, data: new Float32Array(35).fill(0.25) }, 13, 3);
    for (const value of constant.data) expect(value).toBeCloseTo(0.25, 6);

    const { shape, data } = tensor('p0.mask_u8');
    const image = { width: shape[1] ?? 0, height: shape[0] ?? 0 };
    const bytes = resizeBilinear({ ...image, data: Uint8Array.from(data) }, 40, 33);
    const floats = resizeBilinear({ ...image, data: Float32Array.from(data) }, 40, 33);
    floats.data.forEach((value, i) => expect(Math.abs(value - (bytes.data[i] ?? 0))).toBeLessThan(1.1));
  });

  it('returns a copy at the same size and refuses impossible sizes', () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(1, 2) };
    const same = resizeBilinear(image, 2, 1);
    expect(same.data).toEqual(image.data);
    expect(same.data).not.toBe(image.data);
    expect(() => resizeBilinear(image, 0, 1)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

describe('resizeNearest', () => {
  const image = { width: 4, height: 1, data: Uint8Array.of(10, 20, 30, 40) };

  it('starts from the corner or from the middle of a pixel', () => {
    expect(resizeNearest(image, 2, 1, { convention: 'floor' }).data).toEqual(Uint8Array.of(10, 30));
    expect(resizeNearest(image, 2, 1, { convention: 'centre' }).data).toEqual(Uint8Array.of(20, 40));
  });

  it('makes no new values and repeats pixels when it enlarges', () => {
    expect(resizeNearest(image, 8, 2).data.slice(8)).toEqual(Uint8Array.of(10, 10, 20, 20, 30, 30, 40, 40));
  });
});
