import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/report/browser/decode-picture.js';
import { encodePicture } from '../../src/report/encode-picture.js';

describe('pictures', () => {
  it.each([
    [1, 1],
    [7, 3],
    [64, 40],
  ])('of %i x %i come back as they were', async (width, height) => {
    let state = 1;
    const noise = (): number => (state = (state * 48_271) % 2_147_483_647) % 256;
    const grey = Uint8Array.from({ length: width * height }, noise);
    const probability = Uint8Array.from({ length: width * height }, noise);
    const text = await encodePicture({ width, height, grey, probability });
    const decoded = await decodePicture(text, width, height);
    expect(decoded.grey).toEqual(grey);
    expect(decoded.probability).toEqual(probability);
    expect(decoded.labels).toHaveLength(0);
    const labels = Uint8Array.from({ length: width * height }, (_, i) => i % 3);
    const labelled = await encodePicture({ width, height, grey, probability, labels });
    expect(await decodePicture(labelled, width, height)).toEqual({ ...decoded, labels });
  });

  it('that change slowly take little room', async () => {
    const [width, height] = [256, 256];
    const grey = Uint8Array.from({ length: width * height }, (_, i) => (i % width) / 2 + i / width / 4);
    const text = await encodePicture({ width, height, grey, probability: grey });
    expect(text.length).toBeLessThan(0.15 * 2 * width * height);
  });
});
