import { describe, expect, it } from 'vitest';
import { luma } from '../../src/luma.js';
import { encodePng } from '../../src/png/encode-png.js';
import { readGreyImage, readImage, readLabelImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import { makePng, type PngSpec } from './png-files.js';

const WIDTH = 11;
const HEIGHT = 5;

/** Samples that run through all values of a depth in a mixed order. */
function samplesOf(channels: number, depth: number): number[] {
  return Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 7919) % 2 ** depth);
}

function spec(colourType: number, depth: number, channels: number, more: Partial<PngSpec> = {}): PngSpec {
  return { width: WIDTH, height: HEIGHT, depth, colourType, samples: samplesOf(channels, depth), ...more };
}

async function failure(bytes: Uint8Array, options?: ReadOptions): Promise<unknown> {
  return readGreyImage(bytes, { name: 'scan.png', ...options }).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('reading PNG', () => {
  it.each([1, 2, 4, 8])('stretches grey of %i bits to 0..255', async (depth) => {
    const png = spec(0, depth, 1);
    const image = await readGreyImage(makePng(png));
    expect([...image.data]).toEqual(png.samples.map((value) => (value * 255) / (2 ** depth - 1)));
    expect([image.width, image.height]).toEqual([WIDTH, HEIGHT]);
  });

  it('keeps 16-bit grey in a volume and gives the high byte otherwise', async () => {
    const png = spec(0, 16, 1);
    const volume = await readImage(makePng(png));
    expect(volume.voxels).toEqual(Uint16Array.from(png.samples));
    expect((await readGreyImage(makePng(png))).data).toEqual(Uint8Array.from(png.samples, (v) => v >> 8));
  });

  it.each([8, 16])('turns %i-bit colour into luma and says so', async (depth) => {
    const png = spec(2, depth, 3);
    const volume = await readImage(makePng(png), { name: 'scan.png' });
    const high = png.samples.map((value) => value >> (depth - 8));
    const expected = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
      luma(high[3 * i] ?? 0, high[3 * i + 1] ?? 0, high[3 * i + 2] ?? 0),
    );
    expect(volume.voxels).toEqual(expected);
    expect(volume.warnings).toEqual(['scan.png: a colour image; its luma is used (CT slices are grey)']);
  });

  it.each([
    [4, 2, 1],
    [6, 4, 3],
  ])('leaves out alpha of colour type %i', async (colourType, channels, colours) => {
    const png = spec(colourType, 8, channels);
    const { data } = await readGreyImage(makePng(png));
    const opaque = png.samples.filter((_, i) => i % channels < colours);
    const expected = await readGreyImage(
      makePng({ ...png, colourType: colours === 1 ? 0 : 2, samples: opaque }),
    );
    expect(data).toEqual(expected.data);
    expect((await readImage(makePng(png))).warnings).toContain('image: the alpha channel is left out');
  });

  it.each([1, 2, 4, 8])('reads a palette of %i bits, as colours or as labels', async (depth) => {
    const palette = Array.from({ length: 2 ** depth }, (_, i) => [i, (i * 5) % 256, 255 - i]).flat();
    const png = spec(3, depth, 1, { palette });
    const { data } = await readGreyImage(makePng(png));
    const expected = png.samples.map((i) => luma(i, (i * 5) % 256, 255 - i));
    expect([...data]).toEqual(expected);
    expect([...(await readLabelImage(makePng(png))).data]).toEqual(png.samples);
  });

  it('reads grey labels as they are and refuses coloured ones', async () => {
    const grey = spec(0, 8, 1);
    expect([...(await readLabelImage(makePng(grey))).data]).toEqual(grey.samples);
    await expect(readLabelImage(makePng(spec(2, 8, 3)))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each([
    [0, 8, 1],
    [2, 16, 3],
    [3, 8, 1],
  ])('reads interlaced images of colour type %i, %i bits', async (colourType, depth, channels) => {
    const palette = colourType === 3 ? Array.from({ length: 768 }, (_, i) => i % 256) : undefined;
    const png = spec(colourType, depth, channels, palette === undefined ? {} : { palette });
    const plain = await readGreyImage(makePng(png));
    expect(await readGreyImage(makePng({ ...png, interlaced: true }))).toEqual(plain);
  });

  it('reads back what is written', async () => {
    const data = Uint8Array.from(samplesOf(1, 8));
    const bytes = encodePng({ width: WIDTH, height: HEIGHT, data });
    expect((await readGreyImage(bytes)).data).toEqual(data);
    const deep = Uint16Array.from(samplesOf(1, 16));
    const volume = await readImage(encodePng({ width: WIDTH, height: HEIGHT, data: deep }));
    expect(volume.voxels).toEqual(deep);
    expect(() => encodePng({ width: 2, height: 2, data: new Uint8Array(3) })).toThrow(
      expect.objectContaining({ code: 'size-mismatch' }),
    );
  });

  it('warns of an image of one value', async () => {
    const black = makePng(spec(0, 8, 1, { samples: samplesOf(1, 8).map(() => 0) }));
    expect((await readImage(black)).warnings[0]).toContain('every pixel has the value 0');
  });
});

describe('refusing PNG', () => {
  const good = makePng(spec(0, 8, 1));

  it('refuses sizes above the limits from the header alone', async () => {
    expect(await failure(makePng(spec(0, 8, 1, { width: 70_000, raw: new Uint8Array(1) })))).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('scan.png: the header asks for 70000 x 5') as string,
    });
    expect(await failure(good, { limits: { maxDecodedBytes: 50 } })).toMatchObject({ code: 'too-large' });
    expect(await failure(good, { limits: { maxSide: 10 } })).toMatchObject({ code: 'too-large' });
    expect(await failure(good, { limits: { maxSide: 0 } })).toMatchObject({ code: 'invalid-option' });
  });

  it('refuses cut-off files at every length', async () => {
    for (let length = 8; length < good.length; length++) {
      expect(await failure(good.subarray(0, length)), `${length} bytes`).toMatchObject({ code: 'truncated' });
    }
  });

  it('refuses fewer or far more pixels than promised', async () => {
    const short = makePng(spec(0, 8, 1, { raw: new Uint8Array(WIDTH * HEIGHT) }));
    expect(await failure(short)).toMatchObject({ code: 'truncated' });
    const bomb = makePng(spec(0, 8, 1, { raw: new Uint8Array(50_000_000) }));
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(bomb)).toMatchObject({ code: 'corrupt' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('refuses wrong checksums, impossible headers and palette entries that are not there', async () => {
    const narrower = good.slice();
    narrower[19] = WIDTH - 1;
    expect(await failure(narrower)).toMatchObject({ code: 'corrupt' });
    const badSum = good.slice();
    badSum[badSum.length - 1] = (badSum[badSum.length - 1] ?? 0) ^ 1;
    expect(await failure(badSum)).toMatchObject({ code: 'corrupt' });
    expect(await failure(makePng(spec(5, 8, 1)))).toMatchObject({ code: 'corrupt' });
    expect(await failure(makePng(spec(2, 4, 3)))).toMatchObject({ code: 'corrupt' });
    expect(await failure(makePng(spec(3, 8, 1, { palette: [1, 2, 3] })))).toMatchObject({ code: 'corrupt' });
    expect(await failure(makePng(spec(0, 4, 1, { interlaced: true })))).toMatchObject({
      code: 'unsupported',
    });
  });

  it('never unpacks what it does not need', async () => {
    const profile = Buffer.concat([Buffer.from('icc\0\0'), Buffer.from('not a zlib stream')]);
    expect((await readGreyImage(makePng(spec(0, 8, 1, { extra: [['iCCP', profile]] })))).width).toBe(WIDTH);
  });
});
