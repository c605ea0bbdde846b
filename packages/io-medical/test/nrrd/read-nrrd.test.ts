import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import { voxelBytes } from '../nifti/nifti-files.js';
import { temporaryFolder } from '../temporary-folder.js';

const HU = [-1000, -500, 0, 300, 40, -900];
const LPS = {
  space: 'left-posterior-superior',
  'space directions': '(2,0,0) (0,3,0.5) (0,0,5)',
  'space origin': '(10,20,30)',
};

/** An NRRD file: fields in the order given, a blank line, data. */
function nrrd(fields: Record<string, string>, data: Uint8Array = new Uint8Array(0)): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(['NRRD0004', '# made by a test', ...lines, '', ''].join('\n')), data]);
}

const base = { type: 'short', dimension: '3', sizes: '3 2 1', endian: 'little', encoding: 'raw' };
const raw = voxelBytes(HU, 'Int16');

function failure(input: Parameters<typeof readImage>[0], options: ReadOptions = {}): Promise<unknown> {
  return readImage(input, options).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('reading NRRD', () => {
  it('gives voxels, the affine in RAS and the unit; skewed directions stay skewed', async () => {
    expect(await readImage(nrrd({ ...base, ...LPS }, raw), { name: 'ct.nrrd' })).toMatchObject({
      voxels: Int16Array.from(HU),
      dims: [3, 2, 1],
      affine: [-2, 0, 0, -10, 0, -3, 0, -20, 0, 0.5, 5, 30, 0, 0, 0, 1],
      calibrated: true,
      unit: 'HU',
      format: 'nrrd',
      source: 'ct.nrrd',
      assumed: [],
      warnings: [],
    });
  });

  it.each([
    ['RAS', [2, 0, 0, 10, 0, 3, 0, 20]],
    ['right-anterior-superior', [2, 0, 0, 10, 0, 3, 0, 20]],
    ['LAS', [-2, 0, 0, -10, 0, 3, 0, 20]],
    ['left-anterior-superior', [-2, 0, 0, -10, 0, 3, 0, 20]],
    ['LPS', [-2, 0, 0, -10, 0, -3, 0, -20]],
    ['left-posterior-superior-time', [-2, 0, 0, -10, 0, -3, 0, -20]],
  ])('turns the space %s to right, front, head', async (space, rows) => {
    expect((await readImage(nrrd({ ...base, ...LPS, space }, raw))).affine.slice(0, 8)).toEqual(rows);
  });

  it('says what it assumed', async () => {
    const other = await readImage(nrrd({ ...base, ...LPS, space: 'scanner-xyz' }, raw));
    expect(other.assumed).toEqual(['the space is left-posterior-superior']);
    expect(other.warnings[0]).toContain('may be swapped');
    const spaced = await readImage(nrrd({ ...base, spacings: '0.5 0.6 7' }, raw));
    expect(spaced).toMatchObject({
      calibrated: true,
      affine: [-0.5, 0, 0, 0, 0, -0.6, 0, 0, 0, 0, 7, 0, 0, 0, 0, 1],
    });
    expect(spaced.assumed).toHaveLength(1);
    expect((await readImage(nrrd(base, raw))).calibrated).toBe(false);
    const { endian: _, ...noEndian } = base;
    expect((await readImage(nrrd({ ...noEndian, ...LPS }, raw))).assumed).toEqual([
      'the byte order is little endian',
    ]);
    const metres = await readImage(nrrd({ ...base, ...LPS, 'space units': '"m" "m" "m"' }, raw));
    expect(metres.affine[0]).toBe(-2000);
  });

  it.each([
    ['gzip', gzipSync(raw)],
    ['gz', gzipSync(raw)],
    ['ascii', Buffer.from('-1000 -500\n0,300\r\n40  -900')],
    ['TEXT', Buffer.from('-1000 -500 0 300 40 -900 7 8')],
    [
      'hex',
      Buffer.from(
        Buffer.from(raw)
          .toString('hex')
          .replace(/(.{7})/g, '$1\n'),
      ),
    ],
  ])('reads the encoding %s', async (encoding, data) => {
    expect((await readImage(nrrd({ ...base, encoding }, data))).voxels).toEqual(Int16Array.from(HU));
  });

  it.each([
    ['uchar', 'Uint8', [0, 255, 7, 9, 100, 3]],
    ['int8', 'Int8', [-128, 127, 0, 5, -5, 1]],
    ['unsigned short', 'Uint16', [0, 65_535, 1, 2, 3, 4]],
    ['int', 'Int32', [-2_000_000_000, 2_000_000_000, 0, 1, 2, 3]],
    ['uint32_t', 'Uint32', [0, 4_000_000_000, 0, 1, 2, 3]],
    ['float', 'Float32', [-1000, 0.5, 0, 1, 2, 3]],
    ['double', 'Float64', [-1000, 0.1, 0, 1, 2, 3]],
  ] as const)('reads the type %s in both byte orders', async (type, array, values) => {
    for (const endian of ['little', 'big']) {
      const file = nrrd({ ...base, type, endian }, voxelBytes(values, array, endian === 'little'));
      const { voxels } = await readImage(file);
      expect([...voxels]).toEqual([...values]);
      expect(voxels.constructor.name).toBe(`${array}Array`);
    }
  });

  it('passes over lines and bytes before the data', async () => {
    const padded = Buffer.concat([Buffer.from('first\nsecond\nxyz'), raw]);
    const skipped = { ...base, 'line skip': '2', 'byte skip': '3' };
    expect((await readImage(nrrd(skipped, padded))).voxels).toEqual(Int16Array.from(HU));
    expect((await readImage(nrrd({ ...base, 'byte skip': '-1' }, padded))).voxels).toEqual(
      Int16Array.from(HU),
    );
    const packed = gzipSync(Buffer.concat([Buffer.from('xyz'), raw]));
    const file = nrrd({ ...base, encoding: 'gzip', 'byte skip': '3' }, packed);
    expect((await readImage(file)).voxels).toEqual(Int16Array.from(HU));
  });

  it('reads one volume of several, whichever axis tells them apart', async () => {
    const last = { ...base, dimension: '4', sizes: '3 1 1 2', ...LPS };
    const lastAxis = { ...last, 'space directions': `${LPS['space directions']} none` };
    expect((await readImage(nrrd(lastAxis, raw), { frame: 1 })).voxels).toEqual(Int16Array.of(300, 40, -900));
    const firstAxis = { ...last, sizes: '2 3 1 1', 'space directions': `none ${LPS['space directions']}` };
    expect((await readImage(nrrd(firstAxis, raw), { frame: 1 })).voxels).toEqual(
      Int16Array.of(-500, 300, -900),
    );
    const byKind = { ...base, dimension: '4', sizes: '2 3 1 1', kinds: 'list domain domain domain' };
    expect((await readImage(nrrd(byKind, raw), { frame: 0 })).voxels).toEqual(Int16Array.of(-1000, 0, 40));
    expect(await failure(nrrd(byKind, raw))).toMatchObject({ code: 'unsupported' });
    const four = { ...base, dimension: '4', sizes: '3 2 1 1', kinds: 'domain domain domain domain' };
    expect(await failure(nrrd(four, raw))).toMatchObject({ code: 'unsupported' });
  });

  it('turns colour into luma, and says so', async () => {
    const fields = {
      ...base,
      type: 'uchar',
      dimension: '4',
      sizes: '3 2 1 1',
      kinds: 'RGB-color domain domain domain',
    };
    const volume = await readImage(nrrd(fields, Uint8Array.of(255, 0, 0, 0, 255, 0)));
    expect([...volume.voxels]).toEqual([76, 150]);
    expect(volume.warnings.join()).toContain('a colour volume');
  });
});

describe('detached NRRD data', () => {
  const folder = temporaryFolder();
  const write = (name: string, content: Uint8Array | string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'parts'));
  write('ct.raw', raw);
  write('parts/s1.raw', raw.subarray(0, 4));
  write('parts/s2.raw', raw.subarray(4, 8));
  write('parts/s3.raw', raw.subarray(8));

  it.each([
    ['one file', { 'data file': 'ct.raw' }, ''],
    ['one file, as older files say it', { datafile: 'ct.raw' }, ''],
    ['a list', { 'data file': 'LIST' }, 'parts/s1.raw\nparts/s2.raw\nparts/s3.raw\n'],
    ['a list that says its dimension', { 'data file': 'LIST 1' }, 'parts/s1.raw\nparts/s2.raw\nparts/s3.raw'],
    ['a pattern', { 'data file': 'parts/s%d.raw 1 3 1' }, ''],
  ])('is read from %s', async (_, field, following) => {
    const header = nrrd({ ...base, ...field })
      .toString()
      .trimEnd();
    const path = write('ct.nhdr', `${header}\n${following}`);
    expect((await readImage(path)).voxels).toEqual(Int16Array.from(HU));
  });

  it('is read from a list of files', async () => {
    const header = nrrd({ ...base, 'data file': 'ct.raw' });
    const files = [new File([Buffer.from(raw)], 'ct.raw'), new File([header.toString()], 'ct.nhdr')];
    expect((await readImage(files)).voxels).toEqual(Int16Array.from(HU));
  });

  it('is not looked for outside the folder, and missed by name', async () => {
    const to = (name: string): Promise<unknown> =>
      failure(write('evil.nhdr', nrrd({ ...base, 'data file': name })));
    expect(await to('../../etc/passwd')).toMatchObject({ code: 'forbidden-path' });
    expect(await to('/etc/passwd')).toMatchObject({ code: 'forbidden-path' });
    expect(await to('missing.raw')).toMatchObject({ code: 'not-readable' });
    expect(await to('s%d.raw 1 99999999 1')).toMatchObject({ code: 'corrupt' });
    expect(await to('parts/s%d.raw 1 2 1')).toMatchObject({ code: 'truncated' });
    expect(await failure(nrrd({ ...base, 'data file': 'ct.raw' }))).toMatchObject({ code: 'not-readable' });
  });
});

describe('refusing NRRD', () => {
  it.each([
    ['bzip2', { encoding: 'bzip2' }, 'unsupported'],
    ['an unknown encoding', { encoding: 'constructor' }, 'corrupt'],
    ['blocks', { type: 'block' }, 'unsupported'],
    ['an unknown type', { type: 'complex' }, 'corrupt'],
    ['no axes', { dimension: '0' }, 'corrupt'],
    ['too few sizes', { sizes: '3 2' }, 'corrupt'],
    ['a size of 0', { sizes: '3 0 1' }, 'corrupt'],
    ['a size that is none', { sizes: '3 x 1' }, 'corrupt'],
    ['an unknown byte order', { endian: 'middle' }, 'corrupt'],
    ['a negative skip', { 'line skip': '-1' }, 'corrupt'],
    ['absurd sizes', { sizes: '60000 60000 60000' }, 'too-large'],
    ['data that are cut off', { sizes: '3 2 2' }, 'truncated'],
    ['large data that are not there', { sizes: '1000 1000 1000' }, 'truncated'],
    ['large text that is not there', { sizes: '1000 1000 1000', encoding: 'ascii' }, 'truncated'],
    ['large packed data that are not there', { sizes: '1000 1000 1000', encoding: 'gzip' }, 'truncated'],
    ['text that is no number', { encoding: 'ascii' }, 'corrupt'],
    ['digits that are none', { encoding: 'hex', sizes: '1 1 1', type: 'uchar' }, 'corrupt'],
  ])('refuses %s', async (_, change, code) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure(nrrd({ ...base, ...change }, raw))).toMatchObject({
      name: 'ImageFormatError',
      code,
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e6);
  });

  it('refuses text with fractions for whole numbers', async () => {
    const text = Buffer.from('1 2 3 4.5 5 6');
    expect(await failure(nrrd({ ...base, encoding: 'ascii' }, text))).toMatchObject({ code: 'corrupt' });
  });

  it('refuses headers cut off anywhere', async () => {
    const whole = nrrd({ ...base, ...LPS }, raw);
    for (let length = 8; length < whole.length; length += 7) {
      expect(await failure(whole.subarray(0, length)), `${length}`).toMatchObject({
        name: 'ImageFormatError',
      });
    }
  });
});
