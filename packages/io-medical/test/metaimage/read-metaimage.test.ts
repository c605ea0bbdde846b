import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import { voxelBytes } from '../nifti/nifti-files.js';
import { temporaryFolder } from '../temporary-folder.js';

const HU = [-1000, -500, 0, 300, 40, -900];
const raw = voxelBytes(HU, 'Int16');
const base = {
  ObjectType: 'Image',
  NDims: '3',
  BinaryData: 'True',
  BinaryDataByteOrderMSB: 'False',
  // The second axis runs to the right, the third is sheared.
  TransformMatrix: '0 1 0 1 0 0 0 0.6 0.8',
  Offset: '10 20 30',
  ElementSpacing: '2 3 5',
  DimSize: '3 2 1',
  ElementType: 'MET_SHORT',
};

function mha(fields: Record<string, string>, data: Uint8Array = raw, file = 'LOCAL'): Buffer {
  const lines = Object.entries({ ...fields, ElementDataFile: file }).map(
    ([key, value]) => `${key} = ${value}\n`,
  );
  return Buffer.concat([Buffer.from(lines.join('')), data]);
}

function failure(input: Parameters<typeof readImage>[0], options: ReadOptions = {}): Promise<unknown> {
  return readImage(input, options).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('reading MetaImage', () => {
  it('gives voxels, the affine in RAS and the unit; rows of the matrix are axes', async () => {
    expect(await readImage(mha(base), { name: 'ct.mha' })).toMatchObject({
      voxels: Int16Array.from(HU),
      dims: [3, 2, 1],
      affine: [0, -3, 0, -10, -2, 0, -3, -20, 0, 0, 4, 30, 0, 0, 0, 1],
      calibrated: true,
      unit: 'HU',
      format: 'metaimage',
      source: 'ct.mha',
      assumed: [],
      warnings: [],
    });
  });

  it('says what it assumed', async () => {
    const { TransformMatrix: _, Offset: __, ElementSpacing: ___, ...bare } = base;
    const volume = await readImage(mha(bare));
    expect(volume).toMatchObject({
      calibrated: false,
      affine: [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    });
    expect(volume.assumed).toHaveLength(2);
    const flat = await readImage(mha({ ...base, TransformMatrix: '0 0 0 0 0 0 0 0 0' }));
    expect(flat.warnings[0]).toContain('no usable matrix');
  });

  it('reads zlib and gzip, text, and the other byte order', async () => {
    const packed = { ...base, CompressedData: 'True' };
    const size = { CompressedDataSize: String(deflateSync(raw).length) };
    const files = [
      mha(packed, deflateSync(raw)),
      mha({ ...packed, ...size }, Buffer.concat([deflateSync(raw), Buffer.from('rest')])),
      mha(packed, gzipSync(raw)),
      mha({ ...base, BinaryData: 'False' }, Buffer.from('-1000 -500 0\n300 40 -900\n')),
      mha({ ...base, BinaryDataByteOrderMSB: 'True' }, voxelBytes(HU, 'Int16', false)),
      mha({ ...base, ElementByteOrderMSB: 'True' }, voxelBytes(HU, 'Int16', false)),
    ];
    for (const file of files) expect((await readImage(file)).voxels).toEqual(Int16Array.from(HU));
  });

  it.each([
    ['MET_UCHAR', 'Uint8'],
    ['MET_CHAR', 'Int8'],
    ['MET_USHORT', 'Uint16'],
    ['MET_INT', 'Int32'],
    ['MET_ULONG', 'Uint32'],
    ['MET_FLOAT', 'Float32'],
    ['MET_DOUBLE', 'Float64'],
  ] as const)('reads %s', async (type, array) => {
    const values = [0, 1, 2, 3, 100, 127];
    const { voxels } = await readImage(mha({ ...base, ElementType: type }, voxelBytes(values, array)));
    expect([...voxels]).toEqual(values);
    expect(voxels.constructor.name).toBe(`${array}Array`);
  });

  it('reads one channel of several, a fourth dimension, two dimensions, and colour as luma', async () => {
    const channels = { ...base, DimSize: '3 1 1', ElementNumberOfChannels: '2' };
    expect((await readImage(mha(channels), { frame: 1 })).voxels).toEqual(Int16Array.of(-500, 300, -900));
    const four = {
      ...base,
      NDims: '4',
      DimSize: '3 1 1 2',
      TransformMatrix: '1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1',
      Offset: '10 20 30 0',
      ElementSpacing: '2 3 5 1',
    };
    const second = await readImage(mha(four), { frame: 1 });
    expect(second.voxels).toEqual(Int16Array.of(300, 40, -900));
    expect(second.affine).toEqual([-2, 0, 0, -10, 0, -3, 0, -20, 0, 0, 5, 30, 0, 0, 0, 1]);
    const two = {
      ...base,
      NDims: '2',
      DimSize: '3 2',
      TransformMatrix: '1 0 0 1',
      Offset: '1 2',
      ElementSpacing: '3 4',
    };
    const flat = await readImage(mha(two));
    expect(flat.dims).toEqual([3, 2, 1]);
    expect(flat.affine).toEqual([-3, 0, 0, -1, 0, -4, 0, -2, 0, 0, 1, 0, 0, 0, 0, 1]);
    const colour = { ...base, DimSize: '2 1 1', ElementNumberOfChannels: '3', ElementType: 'MET_UCHAR' };
    const rgb = await readImage(mha(colour, Uint8Array.of(255, 0, 0, 0, 255, 0)));
    expect([...rgb.voxels]).toEqual([76, 150]);
    expect((await readImage(mha({ ...base, Modality: 'MET_MOD_CT' }))).modality).toBe('CT');
  });

  it('reads data beside the header: one file, a list, a pattern, behind a header of their own', async () => {
    const folder = temporaryFolder();
    const write = (name: string, content: Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    write('ct.raw', raw);
    write('ct.head', Buffer.concat([Buffer.from('head'), raw]));
    write('s01', raw.subarray(0, 6));
    write('s02', raw.subarray(6));
    const none = new Uint8Array(0);
    const headers = [
      mha(base, none, 'ct.raw'),
      mha({ ...base, HeaderSize: '4' }, none, 'ct.head'),
      mha({ ...base, HeaderSize: '-1' }, none, 'ct.head'),
      mha(base, Buffer.from('s01\ns02\n'), 'LIST'),
      mha(base, none, 's%02d 1 2 1'),
    ];
    for (const header of headers) {
      expect((await readImage(write('ct.mhd', header))).voxels).toEqual(Int16Array.from(HU));
    }
    for (const name of ['../ct.raw', '/etc/passwd', 'file:///etc/passwd']) {
      expect(await failure(write('evil.mhd', mha(base, none, name)))).toMatchObject({
        code: 'forbidden-path',
      });
    }
    expect(await failure(write('lost.mhd', mha(base, none, 'no.raw')))).toMatchObject({
      code: 'not-readable',
    });
  });
});

describe('refusing MetaImage', () => {
  it.each([
    ['an unknown type', { ElementType: 'MET_STRING' }, 'corrupt'],
    ['too few sizes', { DimSize: '3 2' }, 'corrupt'],
    ['a size of 0', { DimSize: '3 0 1' }, 'corrupt'],
    ['no channels', { ElementNumberOfChannels: '0' }, 'corrupt'],
    ['a header size that is none', { HeaderSize: '-2' }, 'corrupt'],
    ['absurd sizes', { DimSize: '60000 60000 60000' }, 'too-large'],
    ['absurd channels', { ElementNumberOfChannels: '60000', DimSize: '60000 60000 1' }, 'too-large'],
    ['data that are cut off', { DimSize: '3 2 2' }, 'truncated'],
    ['large data that are not there', { DimSize: '1000 1000 1000' }, 'truncated'],
    [
      'large packed data that are not there',
      { DimSize: '1000 1000 1000', CompressedData: 'True' },
      'truncated',
    ],
    ['packed data that are none', { CompressedData: 'True' }, 'corrupt'],
  ])('refuses %s', async (_, change, code) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(mha({ ...base, ...change }))).toMatchObject({ name: 'ImageFormatError', code });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e6);
  });

  it('refuses headers cut off anywhere', async () => {
    const whole = mha(base);
    for (let length = 20; length < whole.length; length += 7) {
      const error = await failure(whole.subarray(0, length));
      expect(error, `${length}`).toMatchObject({ name: 'ImageFormatError' });
    }
  });
});
