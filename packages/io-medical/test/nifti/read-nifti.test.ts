import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import type { Volume } from '../../src/volume.js';
import { temporaryFolder } from '../temporary-folder.js';
import { makeNifti, type NiftiSpec, voxelBytes } from './nifti-files.js';

const HU = [-1000, -500, 0, 300, 40, -900];
const CT: NiftiSpec = {
  dim: [3, 3, 2, 1, 1, 1, 1, 1],
  voxels: voxelBytes(HU, 'Int16'),
  sformCode: 1,
  sform: [-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, 30],
};

function read(spec: NiftiSpec, options: ReadOptions = {}): Promise<Volume> {
  return readImage(makeNifti(spec), { name: 'ct.nii', ...options });
}

function failure(bytes: Uint8Array, options: ReadOptions = {}): Promise<unknown> {
  return readImage(bytes, { name: 'ct.nii', ...options }).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('reading NIfTI', () => {
  it('gives voxels, affine and unit', async () => {
    const volume = await read(CT);
    expect(volume).toMatchObject({
      voxels: Int16Array.from(HU),
      dims: [3, 2, 1],
      affine: [-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, 30, 0, 0, 0, 1],
      calibrated: true,
      unit: 'HU',
      format: 'nifti',
      source: 'ct.nii',
      warnings: [],
    });
    expect(volume.header).toHaveLength(348);
  });

  it('reads from gzip, from a Buffer with an offset, and with two dimensions', async () => {
    const plain = await read(CT);
    expect((await readImage(gzipSync(makeNifti(CT)), { name: 'ct.nii' })).voxels).toEqual(plain.voxels);
    const shifted = Buffer.concat([Buffer.from('xyz'), makeNifti(CT)]).subarray(3);
    expect(await readImage(shifted, { name: 'ct.nii' })).toEqual(plain);
    expect((await read({ ...CT, dim: [2, 3, 2, 0, 0, 0, 0, 0] })).dims).toEqual([3, 2, 1]);
    expect((await read({ ...CT, dim: [4, 3, 2, 1, 1, 1, 1, 1] })).dims).toEqual([3, 2, 1]);
  });

  it.each([
    [2, 'Uint8', [0, 255, 7, 9, 100, 3]],
    [256, 'Int8', [-128, 127, 0, 5, -5, 1]],
    [4, 'Int16', HU],
    [512, 'Uint16', [0, 65_535, 1, 2, 3, 4]],
    [8, 'Int32', [-2_000_000_000, 2_000_000_000, 0, 1, 2, 3]],
    [768, 'Uint32', [0, 4_000_000_000, 0, 1, 2, 3]],
    [16, 'Float32', [-1000, 0.5, 0, 1, 2, 3]],
    [64, 'Float64', [-1000, 0.1, 0, 1, 2, 3]],
  ] as const)('reads datatype %i (%s) in both byte orders', async (datatype, type, values) => {
    for (const littleEndian of [true, false]) {
      const voxels = voxelBytes(values, type, littleEndian);
      const volume = await read({ ...CT, datatype, littleEndian, voxels });
      expect([...volume.voxels]).toEqual([...values]);
      expect(volume.voxels.constructor.name).toBe(`${type}Array`);
      expect(volume.affine[0]).toBe(-2);
    }
  });

  it('reads 64-bit whole numbers as doubles', async () => {
    const view = new DataView(new ArrayBuffer(48));
    HU.forEach((value, i) => view.setBigInt64(8 * i, BigInt(value), true));
    const volume = await read({ ...CT, datatype: 1024, voxels: new Uint8Array(view.buffer) });
    expect(volume.voxels).toEqual(Float64Array.from(HU));
  });

  it('applies slope and intercept, except where the slope is 0 or NaN', async () => {
    const shifted = await read({ ...CT, slope: 1, intercept: -24 });
    expect(shifted.voxels).toEqual(Int16Array.from(HU, (value) => value - 24));
    const scaled = await read({ ...CT, slope: 0.5, intercept: -100 });
    expect(scaled.voxels).toEqual(Float32Array.from(HU, (value) => value / 2 - 100));
    const wide = await read({ ...CT, slope: 1, intercept: 40_000 });
    expect(wide.voxels).toEqual(Float32Array.from(HU, (value) => value + 40_000));
    for (const slope of [0, NaN, Infinity]) {
      expect((await read({ ...CT, slope, intercept: 5 })).voxels).toEqual(Int16Array.from(HU));
    }
    expect((await read({ ...CT, slope: 2, intercept: NaN })).voxels[0]).toBe(-2000);
  });

  it('prefers the sform, then the qform, then a centred grid', async () => {
    const q = { qformCode: 1, quaternion: [0, 0, 1], qoffset: [7, 8, 9], pixdim: [-1, 2, 3, 4, 1, 1, 1, 1] };
    expect((await read({ ...CT, ...q })).affine[3]).toBe(10);
    const turned = await read({ ...CT, ...q, sformCode: 0 });
    expect(turned.affine.map((value) => value + 0)).toEqual([
      -2, 0, 0, 7, 0, -3, 0, 8, 0, 0, -4, 9, 0, 0, 0, 1,
    ]);
    const none = await read({ ...CT, ...q, sformCode: 0, qformCode: 0 });
    expect(none.affine.map((value) => value + 0)).toEqual([
      -2, 0, 0, 2, 0, 3, 0, -1.5, 0, 0, 4, 0, 0, 0, 0, 1,
    ]);
    expect(none.warnings[0]).toContain('no usable sform or qform');
  });

  it('reads a half turn whose quaternion is rounded to a length above 1', async () => {
    const half = Math.fround(0.7071068286895752);
    const { affine } = await read({ ...CT, sformCode: 0, qformCode: 1, quaternion: [half, half, 0] });
    expect(affine.every(Number.isFinite)).toBe(true);
    expect(affine[1]).toBeCloseTo(1, 6);
    expect(affine[10]).toBeCloseTo(-1, 6);
  });

  it('leaves out a matrix that is none, and says so', async () => {
    const volume = await read({ ...CT, sform: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], qformCode: 1 });
    expect(volume.affine.slice(0, 3)).toEqual([1, 0, 0]);
    expect(volume.warnings[0]).toContain('the sform is no usable matrix');
  });

  it('turns metres and micrometres into millimetres, and asks about no unit', async () => {
    const metres = await read({ ...CT, units: 1 });
    expect(metres.affine.slice(0, 4)).toEqual([-2000, 0, 0, 10_000]);
    expect(metres.warnings[0]).toContain('metres');
    expect((await read({ ...CT, units: 3 })).affine[10]).toBe(0.005);
    expect((await read({ ...CT, units: 0 })).warnings[0]).toContain('millimetres are assumed');
  });

  it('warns where the values are not Hounsfield units, and can be told', async () => {
    const stored = voxelBytes([0, 100, 1024, 2000, 3000, 4000], 'Int16');
    const volume = await read({ ...CT, voxels: stored });
    expect(volume.unit).toBe('grey');
    expect(volume.warnings[0]).toContain('ct.nii: values from 0 to 4000 are not Hounsfield units');
    expect(await read({ ...CT, voxels: stored }, { unit: 'HU' })).toMatchObject({ unit: 'HU', warnings: [] });
    const flat = await read({ ...CT, voxels: voxelBytes([0, 0, 0, 0, 0, 0], 'Int16') });
    expect(flat.warnings[0]).toContain('every voxel has the value 0');
  });
});

describe('the other forms of NIfTI', () => {
  it.each([true, false])(
    'reads NIfTI-2, with doubles in its header (little endian: %s)',
    async (littleEndian) => {
      const sform = [-2.1, 0, 0, 10.000_000_001, 0, -2, 0, 20, 0, 0, 5, 30];
      const voxels = voxelBytes(HU, 'Int16', littleEndian);
      const volume = await read({ ...CT, version: 2, littleEndian, sform, voxels });
      expect(volume).toMatchObject({ voxels: Int16Array.from(HU), dims: [3, 2, 1], warnings: [] });
      expect(volume.affine).toEqual([...sform, 0, 0, 0, 1]);
      expect(volume.header).toHaveLength(540);
      const packed = gzipSync(makeNifti({ ...CT, version: 2, littleEndian, sform, voxels }));
      expect((await readImage(packed)).voxels).toEqual(volume.voxels);
    },
  );

  it('passes over extensions', async () => {
    const file = makeNifti({ ...CT, voxOffset: 384 });
    const extended = Buffer.concat([file.subarray(0, 352), Buffer.alloc(32, 7), file.subarray(352)]);
    extended[348] = 1;
    expect((await readImage(extended)).voxels).toEqual(Int16Array.from(HU));
  });

  it('reads one volume of a series, and none without being told which', async () => {
    const dim = [5, 3, 1, 1, 2, 1, 1, 1];
    expect((await read({ ...CT, dim }, { frame: 1 })).voxels).toEqual(Int16Array.from(HU.slice(3)));
    expect(await failure(makeNifti({ ...CT, dim }))).toMatchObject({
      code: 'unsupported',
      hint: 'Say which one to read with the option frame, 0 to 1.',
    });
    for (const frame of [2, -1, 0.5]) {
      expect(await failure(makeNifti({ ...CT, dim }), { frame })).toMatchObject({ code: 'invalid-option' });
    }
  });

  it('turns colour into luma, and says so', async () => {
    const rgb = Uint8Array.of(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9);
    const colour = await read({ ...CT, datatype: 128, voxels: rgb });
    expect([...colour.voxels]).toEqual([255, 0, 76, 150, 29, 9]);
    expect(colour.warnings.join()).toContain('a colour volume');
    const rgba = Uint8Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 77 : 200));
    expect([...(await read({ ...CT, datatype: 2304, voxels: rgba })).voxels]).toEqual(Array(6).fill(200));
  });

  it('reads a pair: either half from a folder, or both in a list', async () => {
    const whole = makeNifti({ ...CT, magic: 'ni1\0', voxOffset: 4 });
    const header = Buffer.from(whole.subarray(0, 348));
    const image = Buffer.concat([Uint8Array.of(1, 2, 3, 4), whole.subarray(352)]);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ct.hdr'), header);
    writeFileSync(join(folder, 'ct.img'), image);
    writeFileSync(join(folder, 'packed.hdr.gz'), gzipSync(header));
    writeFileSync(join(folder, 'packed.img.gz'), gzipSync(image));
    for (const name of ['ct.hdr', 'ct.img', 'packed.hdr.gz', 'packed.img.gz']) {
      const volume = await readImage(join(folder, name));
      expect(volume.voxels, name).toEqual(Int16Array.from(HU));
      expect(volume.affine[3], name).toBe(10);
    }
    const files = [new File([image], 'ct.img'), new File([header], 'ct.hdr')];
    expect((await readImage(files)).voxels).toEqual(Int16Array.from(HU));
    expect(await failure(header)).toMatchObject({
      code: 'not-readable',
      message: 'ct.nii: the header of a NIfTI pair, whose .img file is not beside it',
    });
  });
});

describe('refusing NIfTI', () => {
  const good = makeNifti(CT);

  it('refuses NaN and infinite voxels, or replaces them on demand', async () => {
    const spec = { ...CT, datatype: 16, voxels: voxelBytes([-1000, NaN, 0, Infinity, 1, 2], 'Float32') };
    expect(await failure(makeNifti(spec))).toMatchObject({
      code: 'not-finite',
      message: 'ct.nii: 2 of 6 voxels are NaN or infinite',
    });
    const volume = await read(spec, { replaceNonFinite: -1024 });
    expect(volume.voxels).toEqual(Float32Array.of(-1000, -1024, 0, -1024, 1, 2));
    expect(volume.warnings).toEqual(['ct.nii: 2 NaN or infinite voxels were replaced by -1024']);
  });

  it('refuses files cut off anywhere, packed or not', async () => {
    for (const length of [4, 100, 347, 348, 352, good.length - 1]) {
      expect(await failure(good.subarray(0, length)), `${length}`).toMatchObject({ code: 'truncated' });
      expect(await failure(gzipSync(good.subarray(0, length)))).toMatchObject({ code: 'truncated' });
    }
    const packed = gzipSync(good);
    for (let length = 2; length < packed.length; length += 7) {
      expect(await failure(packed.subarray(0, length)), `${length}`).toMatchObject({ code: 'corrupt' });
    }
  });

  it('refuses absurd sizes before it makes room for them', async () => {
    const huge = makeNifti({ ...CT, dim: [3, 32_000, 32_000, 32_000, 1, 1, 1, 1] });
    for (const bytes of [huge, gzipSync(huge)]) {
      const before = process.memoryUsage().arrayBuffers;
      expect(await failure(bytes)).toMatchObject({
        code: 'too-large',
        message: expect.stringContaining('ct.nii: the header asks for 32000 x 32000 x 32000') as string,
      });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    }
    expect(await failure(good, { limits: { maxDecodedBytes: 11 } })).toMatchObject({ code: 'too-large' });
    expect(await failure(makeNifti({ ...CT, dim: [3, -3, 2, 1] }))).toMatchObject({ code: 'corrupt' });
    for (const bytes of [makeNifti({ ...CT, voxOffset: 1e30 }), makeNifti({ ...CT, voxOffset: 1e7 })]) {
      expect((await failure(bytes)) as Error, 'plain').toHaveProperty('name', 'ImageFormatError');
      const before = process.memoryUsage().arrayBuffers;
      expect((await failure(gzipSync(bytes))) as Error, 'packed').toHaveProperty('name', 'ImageFormatError');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    }
    expect(await failure(makeNifti({ ...CT, voxOffset: NaN }))).toMatchObject({ code: 'corrupt' });
  });

  it('unpacks no further than the header says', async () => {
    const bomb = gzipSync(Buffer.concat([good, Buffer.alloc(40_000_000)]));
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(bomb)).toMatchObject({ code: 'corrupt' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
  });

  it.each([
    ['ANALYZE', { magic: '\0\0\0\0' }, 'unsupported'],
    ['another magic', { magic: 'n+3\0' }, 'corrupt'],
    ['a time series', { dim: [4, 3, 2, 1, 5, 1, 1, 1] }, 'unsupported'],
    ['no dimensions', { dim: [0, 6, 1, 1, 1, 1, 1, 1] }, 'corrupt'],
    ['complex voxels', { datatype: 32 }, 'unsupported'],
    ['128-bit voxels', { datatype: 1536 }, 'unsupported'],
    ['an unknown type', { datatype: 777 }, 'corrupt'],
  ] as const)('refuses %s', async (_, change, code) => {
    expect(await failure(makeNifti({ ...CT, ...change }))).toMatchObject({ name: 'ImageFormatError', code });
  });
});
