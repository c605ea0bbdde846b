import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readGreyImage, readImage, toSlices } from '@infnet/io-medical';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSeries } from '../ct-slice.js';
import { writePhantom } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let scan: string;

beforeAll(async () => {
  root = await temporaryFolder();
  scan = join(root, 'scan.nii.gz');
  await writePhantom(scan);
  return () => rm(root, { recursive: true, force: true });
});

describe('convert of images', () => {
  it('a volume to another format: the same voxels and geometry', async () => {
    const out = join(root, 'scan.nii');
    expect((await infnet(['convert', scan, out])).code).toBe(0);
    const [before, after] = [await readImage(scan), await readImage(out)];
    expect(after.dims).toEqual(before.dims);
    expect(after.affine).toEqual(before.affine);
    expect(after.voxels).toEqual(before.voxels);
  });

  it('a volume to a folder of slices, and back', async () => {
    const folder = join(root, 'slices');
    expect((await infnet(['convert', scan, folder, '--window', 'lung'])).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((i) => `slice-${i}.png`));
    const slices = [...toSlices(await readImage(scan), { window: 'lung' })];
    expect((await readGreyImage(join(folder, 'slice-3.png'))).data).toEqual(slices[2]!.data);

    const back = join(root, 'back.nii.gz');
    expect((await infnet(['convert', folder, back, '--spacing', '7.5,9,53'])).code).toBe(0);
    const volume = await readImage(back);
    expect(volume.dims).toEqual([48, 40, 6]);
    expect([...toSlices(volume, { window: { center: 127.5, width: 255 } })][2]!.data).toEqual(
      slices[2]!.data,
    );
    const { affine } = volume;
    expect([affine[0], affine[5], affine[10]]).toEqual([-7.5, -9, 53]);
  });

  it('a series with a gap only with --allow-uneven', async () => {
    const gap = join(root, 'gap');
    await writeSeries(gap, [0, 1, 5]);
    const out = join(root, 'gap.nii');
    const refused = await infnet(['convert', gap, out]);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')[0]).toMatchObject({ code: 'uneven-slices' });
    for (const which of [[], ['--series', '1', '--overwrite']]) {
      expect((await infnet(['convert', gap, out, '--allow-uneven', ...which])).code).toBe(0);
      expect((await readImage(out)).dims).toEqual([20, 16, 3]);
    }
  });

  it('refuses to overwrite, endings it does not know, and several slices in one PNG', async () => {
    const kept = join(root, 'kept.nii');
    await infnet(['convert', scan, kept]);
    const before = (await stat(kept)).mtimeMs;
    const refused = await infnet(['convert', scan, kept]);
    expect(refused.code).toBe(2);
    expect(only(refused.events, 'failure')).toMatchObject([{ code: 'output-exists' }]);
    expect((await stat(kept)).mtimeMs).toBe(before);
    expect((await infnet(['convert', scan, kept, '--overwrite'])).code).toBe(0);
    for (const [name, failure] of [
      ['scan.xyz', 'unknown-ending'],
      ['one.png', 'usage'],
    ] as const) {
      const { code, events } = await infnet(['convert', scan, join(root, name)]);
      expect(code, name).toBe(2);
      expect(only(events, 'failure')[0]?.code, name).toBe(failure);
    }
    const missing = await infnet(['convert', join(root, 'nothing.nii'), join(root, 'x.nii')]);
    expect(missing.code).toBe(2);
    expect(only(missing.events, 'failure')).toMatchObject([{ code: 'enoent' }]);
  });
});
