import { describe, expect, it } from 'vitest';
import { lungSlices } from '../../src/dataset/lung-slices.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { toSlices } from '../../src/slices.js';

const { volume, lungs, infection, groundGlass, consolidation } = createPhantom({
  seed: 6,
  dims: [80, 80, 24],
});
const [nx, ny] = volume.dims;

describe('lungSlices', () => {
  const kept = [...lungSlices(volume, { lungs, mask: infection })];

  it('drops slices with hardly any lung and keeps the others', () => {
    const areas = Array.from({ length: 24 }, (_, z) =>
      lungs.subarray(z * nx * ny, (z + 1) * nx * ny).reduce((sum, value) => sum + value, 0),
    );
    const expected = areas.flatMap((area, z) => (area >= 0.05 * Math.max(...areas) && area > 0 ? [z] : []));
    expect(kept.map(({ index }) => index)).toEqual(expected);
    expect(kept.length).toBeLessThan(24);
    expect([...lungSlices(volume, { lungs, every: 3 })].map(({ index }) => index)).toEqual(
      expected.filter((_, i) => i % 3 === 0),
    );
  });

  it('crops image and mask alike to the lungs and a rim of 5 mm, nothing else changed', () => {
    const whole = [...toSlices(volume)];
    const rim = Math.round(5 / 4.5);
    for (const { index, image, mask, crop } of kept) {
      expect(image).toMatchObject({ width: crop.width, height: crop.height });
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++) {
          const isIn = x >= crop.x && x < crop.x + crop.width && y >= crop.y && y < crop.y + crop.height;
          const own = x + nx * (y + ny * index);
          if (!isIn && lungs[own] === 1) throw new Error(`lung outside slice ${index}`);
          if (!isIn) continue;
          const at = x - crop.x + crop.width * (y - crop.y);
          const isWrong =
            image.data[at] !== whole[index]!.data[x + nx * y] || mask!.data[at] !== 255 * infection[own]!;
          if (isWrong) throw new Error(`pixel ${x}, ${y} of slice ${index}`);
        }
      }
      const column = (x: number): number =>
        Array.from({ length: ny }, (_, y) => lungs[x + nx * (y + ny * index)]!).reduce((a, b) => a + b, 0);
      expect(column(crop.x + rim)).toBeGreaterThan(0);
      expect(column(crop.x + crop.width - 1 - rim)).toBeGreaterThan(0);
    }
  });

  it('keeps labels where asked to, and whole slices where no lungs are given', () => {
    const classes = groundGlass.map((value, i) => value + 2 * consolidation[i]!);
    const all = [...lungSlices(volume, { mask: classes, maskValues: 'labels' })];
    expect(all).toHaveLength(24);
    expect(all[0]!.image).toMatchObject({ width: 80, height: 80 });
    expect(new Set(all.flatMap(({ mask }) => [...mask!.data]))).toEqual(new Set([0, 1, 2]));
    expect([...lungSlices(volume)][0]).not.toHaveProperty('mask');
  });

  it('refuses masks of another size and impossible options', () => {
    const run = (options: Parameters<typeof lungSlices>[1]): unknown => [...lungSlices(volume, options)];
    expect(() => run({ lungs: new Uint8Array(1) })).toThrow(
      expect.objectContaining({ code: 'size-mismatch' }),
    );
    for (const options of [{ every: 0 }, { every: 1.5 }, { leastLung: 2 }, { marginMm: -1 }]) {
      expect(() => run(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    }
  });
});
