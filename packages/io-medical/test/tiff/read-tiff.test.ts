import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readGreyImage, readImage, readLabelImage } from '../../src/read-image.js';
import { voxelBytes } from '../nifti/nifti-files.js';
import { littleEndianHash } from '../zoo.js';
import { greyFields, makeTiff } from './tiff-files.js';

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/tiff/${name}`, import.meta.url)));

const golden = Object.entries(
  JSON.parse(new TextDecoder().decode(file('tiff.json'))) as Record<
    string,
    { shape: number[]; dtype: string; sha256: string }
  >,
);

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('TIFF files of tifffile and Pillow', () => {
  it.each(golden)('%s gives the pixels that they give', async (name, { shape, dtype, sha256 }) => {
    const volume = await readImage(file(name), { name });
    const [width = 0, height = 0, pages = 1] = shape.toReversed();
    expect(volume).toMatchObject({ dims: [width, height, pages], format: 'tiff', calibrated: false });
    expect(volume.voxels.constructor.name.toLowerCase()).toBe(`${dtype}array`);
    expect(littleEndianHash([volume.voxels])).toBe(sha256);
  });

  it('are in HU where their values look like it, grey otherwise, and colour is said', async () => {
    expect(await readImage(file('f32-tiled-deflate.tif'))).toMatchObject({ unit: 'HU', warnings: [] });
    expect(await readImage(file('i16-deflate-predictor-pages.tif'))).toMatchObject({
      unit: 'HU',
      assumed: ['pages run from feet to head'],
    });
    expect((await readImage(file('u8-lzw.tif'))).unit).toBe('grey');
    expect((await readImage(file('rgb-planar.tif'))).warnings[0]).toContain('a colour image');
  });

  it('are slices too, of 8 bits, and labels', async () => {
    const grey = await readGreyImage(file('rgb-planar.tif'));
    expect(littleEndianHash([grey.data])).toBe(
      golden.find(([name]) => name === 'rgb-planar.tif')?.[1].sha256,
    );
    const high = await readGreyImage(file('u16-pil-deflate.tif'));
    const whole = await readImage(file('u16-pil-deflate.tif'));
    expect(high.data).toEqual(Uint8Array.from(whole.voxels, (value) => value >> 8));
    expect(Math.max(...(await readLabelImage(file('palette-pil.tif'))).data)).toBeLessThan(16);
    expect(await failure(readGreyImage(file('f32-tiled-deflate.tif')))).toMatchObject({
      code: 'unsupported',
    });
  });
});

describe('reading TIFF', () => {
  const values = [0, 1, 2, 3, 100, 127];

  it.each([
    [8, 1, 'Uint8'],
    [8, 2, 'Int8'],
    [16, 1, 'Uint16'],
    [16, 2, 'Int16'],
    [32, 1, 'Uint32'],
    [32, 2, 'Int32'],
    [32, 3, 'Float32'],
    [64, 3, 'Float64'],
  ] as const)('reads %i bits of format %i (%s) in both byte orders', async (bits, format, array) => {
    for (const littleEndian of [true, false]) {
      const data = voxelBytes(values, array, littleEndian);
      const tiff = makeTiff([{ fields: greyFields(3, 2, { bits, format }), data }], littleEndian);
      const { voxels } = await readImage(tiff);
      expect([...voxels]).toEqual(values);
      expect(voxels.constructor.name).toBe(`${array}Array`);
    }
  });

  it('stretches few bits, and turns white-is-zero round', async () => {
    const read = async (bits: number, photometric: number, byte: number): Promise<number[]> => {
      const fields = { ...greyFields(2, 1, { bits }), 262: [photometric] };
      return [...(await readImage(makeTiff([{ fields, data: Uint8Array.of(byte, 255) }]))).voxels];
    };
    expect(await read(1, 1, 0b1000_0000)).toEqual([255, 0]);
    expect(await read(1, 0, 0b1000_0000)).toEqual([0, 255]);
    expect(await read(2, 1, 0b0110_0000)).toEqual([85, 170]);
    expect(await read(4, 1, 0x1f)).toEqual([17, 255]);
    expect(await read(8, 0, 3)).toEqual([252, 0]);
  });

  it('makes slices of pages and passes over smaller copies', async () => {
    const page = (value: number): Uint8Array => new Uint8Array(6).fill(value);
    const tiff = makeTiff([
      { fields: greyFields(3, 2), data: page(1) },
      { fields: { ...greyFields(1, 1), 254: [1] }, data: Uint8Array.of(9) },
      { fields: greyFields(3, 2), data: page(2) },
    ]);
    const volume = await readImage(tiff);
    expect(volume.dims).toEqual([3, 2, 2]);
    expect([...volume.voxels]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(await failure(readGreyImage(tiff))).toMatchObject({ code: 'unsupported' });
  });

  it('refuses pages that make no volume', async () => {
    const tiff = makeTiff([
      { fields: greyFields(3, 2), data: new Uint8Array(6) },
      { fields: greyFields(2, 3), data: new Uint8Array(6) },
    ]);
    expect(await failure(readImage(tiff))).toMatchObject({ code: 'unsupported' });
  });
});

describe('refusing TIFF', () => {
  const good = makeTiff([{ fields: greyFields(3, 2), data: Uint8Array.of(1, 2, 3, 4, 5, 6) }]);
  const changed = (
    change: Record<number, readonly number[]>,
    data: Uint8Array = new Uint8Array(6),
  ): Uint8Array => makeTiff([{ fields: { ...greyFields(3, 2), ...change }, data }]);

  it('refuses files cut off anywhere', async () => {
    expect([...(await readImage(good)).voxels]).toEqual([1, 2, 3, 4, 5, 6]);
    for (let length = 4; length < good.length; length++) {
      const error = await failure(readImage(good.subarray(0, length)));
      expect(error, `${length}`).toMatchObject({ name: 'ImageFormatError' });
    }
  });

  it.each([
    ['BigTIFF', Uint8Array.of(0x49, 0x49, 43, 0, 8, 0, 0, 0), 'unsupported'],
    ['CCITT', changed({ 259: [4] }), 'unsupported'],
    ['CMYK', changed({ 262: [5], 277: [4] }), 'unsupported'],
    ['a turned image', changed({ 274: [6] }), 'unsupported'],
    ['the floating-point predictor', changed({ 317: [3], 258: [32], 339: [3] }), 'unsupported'],
    ['complex numbers', changed({ 258: [64], 339: [6] }), 'unsupported'],
    ['mixed depths', changed({ 258: [8, 16, 8], 277: [3], 262: [2] }), 'unsupported'],
    ['a width of 0', changed({ 256: [0] }), 'corrupt'],
    ['strips without rows', changed({ 278: [0] }), 'corrupt'],
    ['too few strips', changed({ 278: [1] }), 'corrupt'],
    ['a strip behind the end', changed({ 279: [60_000] }), 'corrupt'],
    ['a palette that does not fit', changed({ 262: [3], 320: [1, 2, 3] }), 'corrupt'],
    ['more pixels than the file can hold', changed({ 256: [60_000], 257: [30_000] }), 'corrupt'],
    ['absurd sizes', changed({ 256: [65_000], 257: [65_000] }), 'too-large'],
  ] as const)('refuses %s', async (_, bytes, code) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(readImage(bytes))).toMatchObject({ name: 'ImageFormatError', code });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e6);
  });

  it('refuses directories that run in a circle', async () => {
    const circle = good.slice();
    const view = new DataView(circle.buffer);
    const start = view.getUint32(4, true);
    view.setUint32(start + 2 + 12 * view.getUint16(start, true), start, true);
    expect(await failure(readImage(circle))).toMatchObject({ code: 'corrupt' });
  });

  it('unpacks no further than the page goes', async () => {
    const bomb = deflateSync(new Uint8Array(40_000_000));
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(readImage(changed({ 259: [8] }, bomb)))).toMatchObject({ code: 'corrupt' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
  });
});
