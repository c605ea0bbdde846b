import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng, writeVolume, type Volume } from '@infnet/io-medical';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSameGrid, readLabels, readMap } from '../../src/evaluate/read-map.js';
import { writePhantom } from '../fixtures.js';
import { temporaryFolder } from '../infnet.js';

let root: string;
let volume: Volume;
beforeAll(async () => {
  root = await temporaryFolder();
  ({ volume } = await writePhantom(join(root, 'scan.nii.gz')));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Writes a volume on the phantom's grid, voxels as given. */
async function write(name: string, voxels: Volume['voxels'], over: Partial<Volume> = {}): Promise<string> {
  const path = join(root, name);
  await writeVolume(path, { ...volume, voxels, ...over });
  return path;
}

describe('maps', () => {
  it('of 0 and 1 in a volume are full scale, others keep their numbers', async () => {
    const ones = Uint8Array.from(volume.voxels, (_, i) => i % 2);
    const mask = await readMap(await write('mask.nii.gz', ones));
    expect([mask.width, mask.height, mask.depth]).toEqual([48, 40, 6]);
    expect(new Set(mask.data)).toEqual(new Set([0, 255]));
    expect(mask.spacing).toHaveLength(3);
    const soft = Float32Array.from(volume.voxels, (_, i) => (i % 5) / 4);
    expect(Math.max(...(await readMap(await write('soft.nii.gz', soft))).data)).toBe(1);
  });

  it('negative whole numbers are no map', async () => {
    await expect(readMap(join(root, 'scan.nii.gz'))).rejects.toMatchObject({ code: 'values-not-understood' });
  });

  it('are compared in the patient, not in the file: a flipped copy gives the same slices', async () => {
    const data = Uint8Array.from(volume.voxels, (_, i) => (i * 7) % 251);
    const plain = await readMap(await write('plain.nii.gz', data));
    const [nx, ny, nz] = volume.dims;
    const flipped = data.slice();
    for (let i = 0; i < data.length; i++) {
      const x = i % nx;
      flipped[i - x + (nx - 1 - x)] = data[i]!;
    }
    const affine = [...volume.affine];
    for (const r of [0, 4, 8]) {
      affine[r + 3]! += affine[r]! * (nx - 1);
      affine[r]! *= -1;
    }
    const { header: _, ...headless } = volume;
    const path = join(root, 'flipped.nii.gz');
    await writeVolume(path, { ...headless, voxels: flipped, affine });
    const other = await readMap(path);
    expect(other.data).toEqual(plain.data);
    expect(() => checkSameGrid(other, plain)).not.toThrow();
    expect([ny, nz]).toEqual([40, 6]);
  });

  it('that lie elsewhere are refused, whatever their size', async () => {
    const data = new Uint8Array(volume.voxels.length);
    const here = await readMap(await write('here.nii.gz', data));
    const affine = [...volume.affine];
    affine[3]! += 30;
    const { header: _, ...headless } = volume;
    const path = join(root, 'there.nii.gz');
    await writeVolume(path, { ...headless, voxels: data, affine });
    const there = await readMap(path);
    expect(() => checkSameGrid(there, here)).toThrow(expect.objectContaining({ code: 'geometry-mismatch' }));
  });
});

describe('labels', () => {
  it('are whole numbers, from PNG or volume', async () => {
    const png = join(root, 'labels.png');
    await writeFile(png, encodePng({ width: 2, height: 2, data: Uint8Array.of(0, 1, 2, 3) }));
    expect([...(await readLabels(png)).data]).toEqual([0, 1, 2, 3]);
    const path = await write(
      'labels.nii.gz',
      Uint8Array.from(volume.voxels, (_, i) => i % 3),
    );
    expect(new Set((await readLabels(path)).data)).toEqual(new Set([0, 1, 2]));
    const soft = await write(
      'no-labels.nii.gz',
      Float32Array.from(volume.voxels, (_, i) => (i % 3) / 2),
    );
    await expect(readLabels(soft)).rejects.toMatchObject({ code: 'values-not-understood' });
  });
});
