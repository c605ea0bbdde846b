import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';

interface ZooEntry {
  readonly type?: string;
  readonly shape: readonly number[];
  readonly affineUsed: readonly (readonly number[])[];
  readonly scaled: { readonly sha256_f32le_xfastest: string; readonly nonFinite: number };
}

function oracle(folder: string): [string, ZooEntry][] {
  const text = readFileSync(sharedPath(`zoo/${folder}/oracle.json`), 'utf8');
  return Object.entries(JSON.parse(text) as Record<string, ZooEntry>);
}

/** A single-file NIfTI-1 image of two or three dimensions: what this reader is for. */
function isReadable([, { type, shape }]: [string, ZooEntry]): boolean {
  return type === 'Nifti1Image' && shape.length > 1 && shape.slice(3).every((size) => size === 1);
}

describe('files of other programs', () => {
  it.skipIf(!hasSharedData)(onSharedData('give the voxels and the affine that nibabel gives'), async () => {
    let read = 0;
    for (const folder of ['nifti', 'generated/nifti']) {
      for (const [name, expected] of oracle(folder).filter(isReadable)) {
        const volume = await readImage(sharedPath(`zoo/${folder}/${name}`));
        const [nx = 1, ny = 1, nz = 1] = expected.shape;
        expect(volume.dims, name).toEqual([nx, ny, nz]);
        const floats = new Uint8Array(Float32Array.from(volume.voxels).buffer);
        expect(createHash('sha256').update(floats).digest('hex'), name).toBe(
          expected.scaled.sha256_f32le_xfastest,
        );
        expected.affineUsed.flat().forEach((value, i) => {
          expect(Math.abs((volume.affine[i] ?? NaN) - value), name).toBeLessThan(1e-5);
        });
        read++;
      }
    }
    expect(read).toBeGreaterThanOrEqual(16);
  });

  it.skipIf(!hasSharedData)(onSharedData('that are something else are refused'), async () => {
    for (const folder of ['nifti', 'generated/nifti']) {
      for (const [name] of oracle(folder).filter((entry) => !isReadable(entry))) {
        const error = await readImage(sharedPath(`zoo/${folder}/${name}`)).catch((thrown: unknown) => thrown);
        expect(error, name).toMatchObject({ code: 'unsupported' });
      }
    }
  });

  it.skipIf(!hasSharedData)(onSharedData('that are damaged are refused by name'), async () => {
    const expected: Record<string, string> = {
      'bad_magic.nii': 'corrupt',
      'bitflip_gzip.nii.gz': 'corrupt',
      'huge_dims.nii': 'too-large',
      'negative_dim.nii': 'corrupt',
      'short_header.nii': 'truncated',
      'truncated_gzip.nii.gz': 'corrupt',
      'truncated_voxels.nii': 'truncated',
      'unknown_datatype.nii': 'corrupt',
    };
    for (const [name] of oracle('generated/nifti-bad')) {
      const error = await readImage(sharedPath(`zoo/generated/nifti-bad/${name}`)).catch(
        (thrown: unknown) => thrown,
      );
      expect(error, name).toMatchObject({ name: 'ImageFormatError', code: expected[name] });
      expect((error as Error).message).toContain(name);
    }
    for (const [name] of oracle('nifti/bad')) {
      const error = await readImage(sharedPath(`zoo/nifti/bad/${name}`)).catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject({ name: 'ImageFormatError' });
    }
  });
});
