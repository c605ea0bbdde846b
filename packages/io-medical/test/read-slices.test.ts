import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGreyImage, readImage, readLabelImage } from '../src/read-image.js';
import { hasSharedData, onSharedData, sharedPath } from './shared-data.js';

interface Decoded {
  readonly mode: 'L' | '1' | 'P';
  readonly width: number;
  readonly height: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sha256_u8: string;
}

describe('the slices of the data set', () => {
  const read = (): [string, Decoded][] =>
    Object.entries(
      (
        JSON.parse(readFileSync(sharedPath('covid-semiseg/oracle/decoded-images.json'), 'utf8')) as {
          images: Record<string, Decoded>;
        }
      ).images,
    );

  it.skipIf(!hasSharedData)(onSharedData('decode to the pixels that Pillow gives'), async () => {
    const images = read();
    expect(images.length).toBeGreaterThan(300);
    let exactJpegs = 0;
    for (const [path, expected] of images) {
      const file = sharedPath(`covid-semiseg/${path}`);
      const image = expected.mode === 'P' ? await readLabelImage(file) : await readGreyImage(file);
      expect([image.width, image.height], path).toEqual([expected.width, expected.height]);
      const data = expected.mode === '1' ? image.data.map((value) => value / 255) : image.data;
      const exact = createHash('sha256').update(data).digest('hex') === expected.sha256_u8;
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      expect(Math.abs(mean - expected.mean), path).toBeLessThan(path.endsWith('.jpg') ? 0.05 : 1e-8);
      if (path.endsWith('.jpg')) exactJpegs += Number(exact);
      else expect(exact, path).toBe(true);
    }
    expect(exactJpegs).toBe(images.filter(([path]) => path.endsWith('.jpg')).length);
  });

  it.skipIf(!hasSharedData)(onSharedData('are volumes of one slice'), async () => {
    const file = sharedPath('covid-semiseg/Dataset/TestingSet/LungInfection-Test/Imgs/18.jpg');
    const volume = await readImage(file);
    expect(volume).toMatchObject({ dims: [359, 373, 1], format: 'jpeg', unit: 'grey', calibrated: false });
    const { data } = await readGreyImage(file);
    expect(Buffer.compare(volume.voxels as Uint8Array, data)).toBe(0);
    expect(await readImage(new Uint8Array(readFileSync(file)))).toMatchObject({ source: 'image' });
  });
});
