import { describe, expect, it } from 'vitest';
import { decodeLabels, type GreyImage } from '../../src/index.js';

const picture = (...data: number[]): GreyImage => ({
  width: data.length,
  height: 1,
  data: Uint8Array.from(data),
});

describe('label maps as files have them', () => {
  it.each([
    [
      [0, 1, 2, 1],
      [0, 1, 2, 1],
    ],
    [
      [0, 38, 75, 38],
      [0, 1, 2, 1],
    ],
    [
      [0, 128, 255, 128],
      [0, 1, 2, 1],
    ],
    [
      [0, 75],
      [0, 2],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ])('%j is %j', (values, labels) => {
    expect([...decodeLabels(picture(...values), 'a', 2)]).toEqual(labels);
  });

  it('takes as many classes as there are, and greys for two only', () => {
    expect([...decodeLabels(picture(0, 3, 2), 'a', 3)]).toEqual([0, 3, 2]);
    expect(() => decodeLabels(picture(0, 38), 'a', 3)).toThrow(/38/);
  });

  it.each([[[0, 1, 75]], [[0, 3]], [[0, 38, 128]], [[0, 60, 255]]])('%j is refused by name', (values) => {
    expect(() => decodeLabels(picture(...values), 'GT/7.png', 2)).toThrow(
      expect.objectContaining({
        code: 'label-values',
        subject: 'GT/7.png',
        message: expect.stringContaining(values.join(', ')) as string,
      }),
    );
  });
});
