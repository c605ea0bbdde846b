import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../src/read-image.js';
import type { Volume } from '../src/volume.js';
import { writeMask } from '../src/write-volume.js';
import { makeNifti, voxelBytes } from './nifti/nifti-files.js';
import { pythonWith, run } from './other-programs.js';
import { hasSharedData, onSharedData, sharedPath } from './shared-data.js';
import { temporaryFolder } from './temporary-folder.js';
import { counting, volumeOf } from './volumes.js';
import { zooOracle } from './zoo.js';

/** What a program of others says about a file: shape, voxel-to-RAS matrix, and a hash of the voxels, x fastest. */
interface Reading {
  readonly shape: number[];
  readonly affine: number[];
  readonly sha256: string;
}

const NIBABEL = `
import sys, json, hashlib, numpy as np, nibabel
out = []
for path in sys.argv[1:]:
    image = nibabel.load(path)
    voxels = np.asarray(image.dataobj)
    out.append({'shape': list(voxels.shape), 'affine': image.affine.ravel().tolist(),
                'sha256': hashlib.sha256(voxels.tobytes(order='F')).hexdigest()})
print(json.dumps(out))
`;

const SIMPLE_ITK = `
import sys, json, hashlib, numpy as np, SimpleITK as itk
out = []
for path in sys.argv[1:]:
    image = itk.ReadImage(path)
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    affine[:2] *= -1
    out.append({'shape': list(image.GetSize()), 'affine': affine.ravel().tolist(),
                'sha256': hashlib.sha256(itk.GetArrayFromImage(image).tobytes()).hexdigest()})
print(json.dumps(out))
`;

const folder = temporaryFolder();

function readBy(python: string | undefined, program: string, paths: readonly string[]): Reading[] {
  const { status, output } = run(python ?? '', ['-c', program, ...paths]);
  expect(status, output).toBe(0);
  return JSON.parse(output.slice(output.indexOf('[{'))) as Reading[];
}

/** Labels in which each voxel tells something of its place. */
function maskOf({ dims: [nx, ny, nz] }: Volume): Uint8Array {
  return Uint8Array.from({ length: nx * ny * nz }, (_, i) => (i % 7) * Number(i % 11 < 5));
}

async function expectReadBack(
  volumes: readonly Volume[],
  ending: string,
  read: (paths: string[]) => Reading[],
  tolerance: number,
): Promise<void> {
  const paths = volumes.map((_, i) => join(folder, `${i}.${ending}`));
  for (const [i, volume] of volumes.entries()) await writeMask(paths[i] ?? '', maskOf(volume), volume);
  read(paths).forEach(({ shape, affine, sha256 }, i) => {
    const volume = volumes[i];
    expect([...shape, 1].slice(0, 3), paths[i]).toEqual(volume?.dims);
    expect(sha256, paths[i]).toBe(
      createHash('sha256')
        .update(maskOf(volume as Volume))
        .digest('hex'),
    );
    affine.forEach((value, k) => {
      expect(Math.abs(value - (volume?.affine[k] ?? NaN)), paths[i]).toBeLessThanOrEqual(tolerance);
    });
  });
}

const TURNED = [0, -0.8, 0, 12.5, 0, 0, 2.5, -13, 0.7, 0, 0, 11, 0, 0, 0, 1];
const SHEARED = [-0.7, 0.1, 0.3, 11.1, 0.2, -0.8, 0.4, 12.2, 0.05, 0.1, 2.5, -13.3, 0, 0, 0, 1];
const volumes = [TURNED, SHEARED].map((affine) => volumeOf([4, 3, 2], counting(24), affine));
const long = volumeOf([40_000, 1, 1], new Int16Array(40_000), TURNED);

const nibabel = pythonWith('nibabel', 'numpy');
const simpleItk = pythonWith('SimpleITK', 'numpy');

describe('masks before other programs', () => {
  it.skipIf(nibabel === undefined)(
    `nibabel reads voxels and affine back${nibabel === undefined ? ' [skipped: no Python with nibabel]' : ''}`,
    async () => {
      const two = await readImage(
        makeNifti({
          version: 2,
          dim: [3, 4, 3, 2, 1, 1, 1, 1],
          sformCode: 1,
          sform: SHEARED.slice(0, 12),
          voxels: voxelBytes([...counting(24)], 'Int16'),
        }),
      );
      const read = (paths: string[]): Reading[] => readBy(nibabel, NIBABEL, paths);
      // NIfTI-1 holds float32; NIfTI-2 holds what it is given.
      await expectReadBack(volumes, 'nii.gz', read, 1e-6);
      await expectReadBack([two, long], 'nii', read, 0);
    },
  );

  it.skipIf(nibabel === undefined || !hasSharedData)(
    onSharedData('nibabel finds masks where it finds the files that they were made for'),
    async () => {
      const made: Volume[] = [];
      for (const zoo of ['nifti', 'generated/nifti']) {
        for (const [name] of zooOracle(zoo))
          made.push(await readImage(sharedPath(`zoo/${zoo}/${name}`), { frame: 0 }));
      }
      expect(made).toHaveLength(24);
      await expectReadBack(made, 'nii.gz', (paths) => readBy(nibabel, NIBABEL, paths), 1e-6);
    },
  );

  it.skipIf(simpleItk === undefined).each(['nrrd', 'mha'])(
    `SimpleITK reads .%s back${simpleItk === undefined ? ' [skipped: no Python with SimpleITK]' : ''}`,
    async (ending) => {
      await expectReadBack(volumes, ending, (paths) => readBy(simpleItk, SIMPLE_ITK, paths), 1e-12);
    },
  );
});
