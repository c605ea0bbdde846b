import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import type { Volume } from '../../src/volume.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';
import { littleEndianHash, zooOracle } from '../zoo.js';

interface ZooEntry {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly affineUsed: readonly (readonly number[])[];
  readonly voxels: { readonly sha256_raw_le: string };
  readonly scaled: { readonly sha256_f32le_xfastest: string };
}

const FOLDERS = ['nifti', 'generated/nifti'];

/** Files whose stored values are not what they measure: their voxels come scaled. */
const SCALED = ['5D_small.nii', 'functional.nii', 'ct_u16_slope1_inter-1024.nii.gz'];

function readFrames(path: string, { shape }: ZooEntry): Promise<Volume[]> {
  const frames = shape.slice(3).reduce((product, size) => product * size, 1);
  return Promise.all(Array.from({ length: frames }, (_, frame) => readImage(path, { frame })));
}

describe.skipIf(!hasSharedData)(onSharedData('NIfTI files of other programs'), () => {
  const entries = hasSharedData
    ? FOLDERS.flatMap((folder) =>
        zooOracle<ZooEntry>(folder).map(([name, entry]) => [name, entry, `zoo/${folder}/${name}`] as const),
      )
    : [];

  it.each(entries)(
    '%s gives the voxels, the type and the affine that nibabel gives',
    async (name, entry, path) => {
      const volumes = await readFrames(sharedPath(path), entry);
      const [volume] = volumes;
      const [nx = 1, ny = 1, nz = 1] = entry.shape;
      expect(volume?.dims).toEqual([nx, ny, nz]);
      const voxels = volumes.map((frame) => frame.voxels);
      expect(littleEndianHash(voxels.map((frame) => Float32Array.from(frame)))).toBe(
        entry.scaled.sha256_f32le_xfastest,
      );
      if (!SCALED.includes(name)) {
        expect(littleEndianHash(voxels)).toBe(entry.voxels.sha256_raw_le);
        expect(volume?.voxels.constructor.name.toLowerCase()).toBe(`${numpyType(entry.dtype)}array`);
      }
      entry.affineUsed.flat().forEach((value, i) => {
        expect(Math.abs((volume?.affine[i] ?? NaN) - value)).toBeLessThanOrEqual(1e-6);
      });
    },
  );

  it('covers all of them', () => {
    expect(entries).toHaveLength(24);
  });
});

describe.skipIf(!hasSharedData)(onSharedData('damaged NIfTI files'), () => {
  it.each([
    ['generated/nifti-bad', 'bad_magic.nii', 'corrupt'],
    ['generated/nifti-bad', 'bitflip_gzip.nii.gz', 'corrupt'],
    ['generated/nifti-bad', 'huge_dims.nii', 'too-large'],
    ['generated/nifti-bad', 'negative_dim.nii', 'corrupt'],
    ['generated/nifti-bad', 'short_header.nii', 'truncated'],
    ['generated/nifti-bad', 'truncated_gzip.nii.gz', 'corrupt'],
    ['generated/nifti-bad', 'truncated_voxels.nii', 'truncated'],
    ['generated/nifti-bad', 'unknown_datatype.nii', 'corrupt'],
    ['nifti/bad', 'analyze.hdr', 'unsupported'],
    ['nifti/bad', 'nifti1.hdr', 'not-readable'],
    ['nifti/bad', 'not-nifti.nii', 'unknown-format'],
  ])('%s/%s is refused by name: %s', async (folder, name, code) => {
    const error = await readImage(sharedPath(`zoo/${folder}/${name}`)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ImageFormatError', code });
    expect((error as Error).message).toContain(name);
  });

  it('are all tried', () => {
    const names = ['generated/nifti-bad', 'nifti/bad'].flatMap((folder) => zooOracle(folder));
    expect(names).toHaveLength(11);
  });
});

/** `>i2` and the like as a name. */
function numpyType(dtype: string): string {
  return dtype.replace(/^[<>]?([iuf])(\d)$/, (_, kind: string, bytes: string) => {
    const name = { i: 'int', u: 'uint', f: 'float' }[kind] ?? kind;
    return `${name}${8 * Number(bytes)}`;
  });
}
