import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeMask, encodeVolume } from '../src/encode-volume.js';
import { diagonalAffine } from '../src/affine.js';
import { encodeNifti } from '../src/nifti/encode-nifti.js';
import { createPhantom } from '../src/phantom/create-phantom.js';
import { readGreyImage, readImage, readLabelImage } from '../src/read-image.js';
import { writeLabels, writeMask, writeProbability, writeVolume } from '../src/write-volume.js';
import { makeNifti, type NiftiSpec, voxelBytes } from './nifti/nifti-files.js';
import { temporaryFolder } from './temporary-folder.js';
import { counting, volumeOf } from './volumes.js';

const folder = temporaryFolder();

/** A header in which every field that places the voxels is set, to odd values. */
const ODD: Omit<NiftiSpec, 'littleEndian' | 'voxels'> = {
  dim: [3, 4, 3, 2, 1, 1, 1, 1],
  pixdim: [-1, 0.7, 0.8, 2.5, 0.1, 0.2, 0.3, 0.4],
  qformCode: 1,
  sformCode: 2,
  quaternion: [0.1, 0.2, 0.3],
  qoffset: [11, 12, 13],
  sform: [0.1, -0.7, 0.05, -90.3, 0.8, 0.1, 0.2, 17.1, -0.1, 0.3, 2.4, 5.5],
  slope: 2,
  intercept: -1000,
  units: 10,
};

/** The bytes of a little-endian header that place its voxels. */
function geometryBytes(file: Uint8Array): Uint8Array[] {
  return (
    [
      [40, 56],
      [76, 108],
      [123, 124],
      [252, 328],
    ] as const
  ).map(([from, to]) => new Uint8Array(file.subarray(from, to)));
}

describe('writeMask', () => {
  const mask = Uint8Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 1 : 0));

  it.each([true, false])('keeps the geometry bit by bit (little endian: %s)', async (littleEndian) => {
    const make = (little: boolean): Uint8Array =>
      makeNifti({ ...ODD, littleEndian: little, voxels: voxelBytes([...counting(24)], 'Int16', little) });
    const ct = await readImage(make(littleEndian));
    const path = join(folder, `mask-${littleEndian}.nii`);
    await writeMask(path, mask, ct, { description: 'infnet mask' });

    const written = new Uint8Array(readFileSync(path));
    expect(geometryBytes(written)).toEqual(geometryBytes(make(true)));
    const view = new DataView(written.buffer);
    expect([view.getInt16(70, true), view.getInt16(72, true), view.getFloat32(108, true)]).toEqual([
      2, 8, 352,
    ]);
    expect([view.getFloat32(112, true), view.getFloat32(116, true)]).toEqual([1, 0]);
    expect(new TextDecoder().decode(written.subarray(148, 160))).toBe('infnet mask\0');

    const back = await readImage(path);
    expect(back.voxels).toEqual(mask);
    expect(back.affine).toEqual(ct.affine);
  });

  it('keeps two dimensions two', async () => {
    const ct = await readImage(
      makeNifti({ ...ODD, dim: [2, 6, 4, 1, 1, 1, 1, 1], voxels: voxelBytes([...counting(24)], 'Int16') }),
    );
    expect(encodeNifti(mask, ct).subarray(40, 46)).toEqual(Uint8Array.of(2, 0, 6, 0, 4, 0));
  });

  it('packs .nii.gz to the same bytes each time', async () => {
    const volume = volumeOf([4, 3, 2], counting(24), diagonalAffine([-0.7, -0.8, 2.5], [1, 2, 3]));
    const paths = ['a.nii.gz', 'b.NII.GZ'].map((name) => join(folder, name));
    for (const path of paths) await writeMask(path, mask, volume);
    const [a, b] = paths.map((path) => readFileSync(path));
    expect(a).toEqual(b);
    expect(new Uint8Array(gunzipSync(a ?? new Uint8Array(0)))).toEqual(encodeNifti(mask, volume));
    const back = await readImage(paths[0] ?? '');
    expect(back.voxels).toEqual(mask);
    volume.affine.forEach((value, i) => expect(back.affine[i]).toBeCloseTo(value, 6));
  });

  it('writes PNG as people look at it: 0 and 255 for a mask, labels as they are', async () => {
    // x to the patient's right and y to the front: the display is turned by half a turn.
    const turned = volumeOf([3, 2, 1], counting(6), diagonalAffine([1, 1, 1]));
    const path = join(folder, 'mask.png');
    await writeMask(path, Uint8Array.of(1, 0, 0, 0, 1, 1), turned);
    expect([...(await readGreyImage(path)).data]).toEqual([255, 255, 0, 0, 0, 255]);
    await writeMask(path, Uint8Array.of(0, 1, 2, 0, 0, 0), {
      ...turned,
      affine: diagonalAffine([-1, -1, 1]),
    });
    expect([...(await readGreyImage(path)).data]).toEqual([0, 1, 2, 0, 0, 0]);
  });

  it('refuses wrong sizes, several slices in a PNG, other endings and folders that are not there', async () => {
    const volume = volumeOf([4, 3, 2], counting(24));
    const write = (name: string, voxels: Uint8Array = mask): Promise<unknown> =>
      writeMask(join(folder, name), voxels, volume).catch((error: unknown) => error);
    expect(await write('x.nii', new Uint8Array(23))).toMatchObject({ code: 'size-mismatch' });
    expect(await write('x.png')).toMatchObject({ code: 'unsupported' });
    expect(await write('x.tiff')).toMatchObject({ code: 'unsupported' });
    expect(await write('nowhere/x.nii')).toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('x.nii') as string,
    });
    expect(
      await writeMask(join(folder, 'x.nii'), mask, { ...volume, affine: [] }).catch((e: unknown) => e),
    ).toMatchObject({ code: 'invalid-option' });
    expect(readdirSync(folder).filter((name) => name.includes('x.') || name.includes('tmp'))).toEqual([]);
  });

  it('replaces a file as a whole', async () => {
    const path = join(folder, 'old.nii');
    writeFileSync(path, 'something else');
    await writeMask(path, mask, volumeOf([4, 3, 2], counting(24)));
    expect((await readImage(path)).voxels).toEqual(mask);
  });
});

describe('writeLabels', () => {
  it('keeps labels what they are in a PNG of few of them too, in colours of their own', async () => {
    const slice = volumeOf([3, 2, 1], counting(6), diagonalAffine([-1, -1, 1]));
    for (const labels of [
      Uint8Array.of(0, 1, 1, 0, 0, 0),
      Uint8Array.of(0, 2, 0, 1, 0, 0),
      new Uint8Array(6),
    ]) {
      const path = join(folder, 'labels.png');
      await writeLabels(path, labels, slice);
      expect((await readLabelImage(path)).data).toEqual(labels);
      const luma = await readGreyImage(path);
      const shades = [0, 183, 141]; // of black, orange and blue
      expect([...luma.data]).toEqual([...labels].map((label) => shades[label]));
    }
  });

  it('keeps the volume’s geometry as a mask does', async () => {
    const volume = volumeOf([4, 3, 2], counting(24), diagonalAffine([-0.7, -0.8, 2.5], [1, 2, 3]));
    const labels = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
    await writeLabels(join(folder, 'labels.nii'), labels, volume, { description: 'labels: 1 a, 2 b' });
    const written = new Uint8Array(readFileSync(join(folder, 'labels.nii')));
    expect(written).toEqual(encodeNifti(labels, volume, 'labels: 1 a, 2 b'));
  });
});

describe('writeProbability', () => {
  it('keeps float32 in NIfTI and rounds to 8 bits in PNG', async () => {
    const volume = volumeOf([3, 1, 1], counting(3));
    const probability = Float32Array.of(0.1, 0.5, 1);
    await writeProbability(join(folder, 'p.nii.gz'), probability, volume);
    expect((await readImage(join(folder, 'p.nii.gz'))).voxels).toEqual(probability);
    await writeProbability(join(folder, 'p.png'), probability, volume);
    expect([...(await readGreyImage(join(folder, 'p.png'))).data]).toEqual([26, 128, 255]);
  });
});

describe('writeVolume', () => {
  it('brings a phantom to disk and back', async () => {
    const { volume } = createPhantom({ seed: 4, dims: [24, 20, 4] });
    const path = join(folder, 'phantom.nii.gz');
    await writeVolume(path, volume);
    const back = await readImage(path);
    expect(back).toMatchObject({ voxels: volume.voxels, dims: volume.dims, unit: 'HU', warnings: [] });
    volume.affine.forEach((value, i) => expect(back.affine[i]).toBeCloseTo(value, 4));
  });

  it('stores whole numbers as int16 where they fit and anything else as float32', async () => {
    const path = join(folder, 'kinds.nii');
    await writeVolume(path, volumeOf([2, 1, 1], Float64Array.of(-5, 7)));
    expect((await readImage(path)).voxels).toEqual(Int16Array.of(-5, 7));
    await writeVolume(path, volumeOf([2, 1, 1], Float64Array.of(-5, 7.5)));
    expect((await readImage(path)).voxels).toEqual(Float32Array.of(-5, 7.5));
    await expect(
      writeVolume(join(folder, 'x.png'), volumeOf([1, 1, 1], new Int16Array(1))),
    ).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

describe('the other volume formats', () => {
  const mask = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
  // Turned, anisotropic and sheared, with numbers that float32 cannot hold.
  const affine = [-0.7, 0.1, 0.3, 11.1, 0.2, -0.8, 0.4, 12.2, 0.05, 0.1, 2.5, -13.3, 0, 0, 0, 1];

  it.each(['nrrd', 'mha'] as const)('.%s keeps voxels, their type and the affine', async (format) => {
    const volume = volumeOf([4, 3, 2], counting(24), affine);
    const path = join(folder, `mask.${format}`);
    await writeMask(path, mask, volume);
    const back = await readImage(path);
    expect(back).toMatchObject({ voxels: mask, dims: [4, 3, 2], calibrated: true, assumed: [] });
    affine.forEach((value, i) => expect(Math.abs((back.affine[i] ?? NaN) - value)).toBeLessThan(1e-14));
    for (const array of [Int8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]) {
      const voxels = array.from(counting(24));
      const bytes = await encodeVolume(format, { ...volume, voxels });
      expect((await readImage(bytes)).voxels).toEqual(voxels);
    }
  });

  it.each(['nrrd', 'mha'] as const)('.%s says nothing about sizes that are not known', async (format) => {
    const volume = { ...volumeOf([4, 3, 2], counting(24)), calibrated: false };
    expect((await readImage(await encodeMask(format, mask, volume))).calibrated).toBe(false);
  });

  it('NIfTI gets a qform too where the axes are perpendicular, and none where they are not', async () => {
    const turned = [0, -0.8, 0, 12.5, 0, 0, 2.5, -13, 0.7, 0, 0, 11, 0, 0, 0, 1];
    const file = await encodeMask('nii', mask, volumeOf([4, 3, 2], counting(24), turned));
    const view = new DataView(file.buffer);
    view.setInt16(254, 0, true); // without the sform, the qform has to do
    const { affine: back } = await readImage(file);
    turned.forEach((value, i) => expect(back[i]).toBeCloseTo(value, 5));
    const sheared = await encodeMask('nii', mask, volumeOf([4, 3, 2], counting(24), affine));
    expect(new DataView(sheared.buffer).getInt16(252, true)).toBe(0);
  });

  it('NIfTI-2 is written for long sides, and for what came from NIfTI-2', async () => {
    const long = volumeOf(
      [40_000, 1, 1],
      new Int16Array(40_000),
      diagonalAffine([-1, -2, 3], [0.1, 0.2, 0.3]),
    );
    const file = encodeNifti(new Uint8Array(40_000).fill(1), long);
    expect(new DataView(file.buffer).getInt32(0, true)).toBe(540);
    expect(await readImage(file)).toMatchObject({ dims: [40_000, 1, 1], affine: long.affine });
    const sform = [-2.1, 0, 0, 10.000_000_001, 0, -2, 0, 20, 0, 0, 5, 30];
    const source = makeNifti({ ...ODD, version: 2, sform, voxels: voxelBytes([...counting(24)], 'Int16') });
    const ct = await readImage(source);
    const back = await readImage(await encodeMask('nii.gz', mask, ct));
    expect(back.affine).toEqual(ct.affine);
    expect(back.voxels).toEqual(mask);
  });
});
