import { describe, expect, it } from 'vitest';
import { prepareDataset, prepareSample, type GreyImage } from '../../src/index.js';
import { discs } from '../tiny.js';

const grey = (width: number, height: number, value = 0): GreyImage => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(value),
});

describe('prepareSample', () => {
  it('takes a slice of the right size as it is, and the rim of its mask as its edge', () => {
    const sample = discs(1)[0]!;
    const prepared = prepareSample(sample, 64);
    expect(prepared.image).toBe(sample.image.data);
    expect(prepared.hasForeground).toBe(true);
    const edge = prepared.edge.filter((value) => value > 0).length;
    const area = prepared.mask.filter((value) => value > 0).length;
    expect(edge).toBeGreaterThan(0);
    expect(edge).toBeLessThan(area);
  });

  it('resizes image, mask and edge alike, the edge taken from the mask before', () => {
    const calls: string[] = [];
    const io = {
      resize: (image: GreyImage, width: number, height: number) => {
        calls.push(`resize ${image.width} ${image.data[0]}`);
        return grey(width, height, image.data[0]);
      },
      edge: (mask: GreyImage) => {
        calls.push(`edge ${mask.width}`);
        return grey(mask.width, mask.height, 7);
      },
    };
    const prepared = prepareSample({ id: 'a', image: grey(5, 6, 50), mask: grey(5, 6, 255) }, 4, { io });
    expect(calls.toSorted()).toEqual(['edge 5', 'resize 5 255', 'resize 5 50', 'resize 5 7']);
    expect([prepared.image[0], prepared.mask[0], prepared.edge[0]]).toEqual([50, 255, 7]);
  });

  it('names what is wrong', () => {
    const image = grey(4, 4);
    expect(() => prepareSample({ id: 'a', image, mask: grey(4, 5) }, 4)).toThrow(/a: the mask is 4×5/);
    expect(() => prepareSample({ id: 'a', image, mask: image, edge: grey(2, 2) }, 4)).toThrow(
      /the edge is 2×2/,
    );
    expect(() => prepareSample({ id: 'a', image: { ...image, width: 3 }, mask: image }, 4)).toThrow(
      /says 3×4 but has 16/,
    );
    expect(() => prepareSample({ id: 'a', image, mask: image }, 8)).toThrow(/a is 4×4, training runs at 8×8/);
  });
});

describe('prepareDataset', () => {
  it('leaves bad samples out and reports them', () => {
    const [first, second] = discs(2);
    const bad = { ...second!, id: 'bad', mask: grey(3, 3) };
    const { samples, problems } = prepareDataset([first!, bad, first!, second!], { size: 64 });
    expect(samples.map((sample) => sample.id)).toEqual(['disc-0', 'disc-1']);
    expect(problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['size-mismatch', 'bad'],
      ['duplicate-stem', 'disc-0'],
    ]);
  });
});
