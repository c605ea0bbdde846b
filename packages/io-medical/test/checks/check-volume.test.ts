import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagonalAffine } from '../../src/affine.js';
import { checkVolume } from '../../src/checks/check-volume.js';
import { lungMask } from '../../src/lung/lung-mask.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { readImage } from '../../src/read-image.js';
import { toSlices } from '../../src/slices.js';
import type { Volume } from '../../src/volume.js';
import { reorient } from '../lung/reorient.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';

const { volume } = createPhantom({ seed: 3, dims: [128, 128, 32] });

function codes(image: Volume): string[] {
  return checkVolume(image).map(({ code }) => code);
}

function withVoxels(change: (hu: number) => number, kind = Int16Array): Volume {
  return { ...volume, voxels: kind.from(volume.voxels, change) };
}

describe('checkVolume', () => {
  it.each([0, 1, 2, 4])('finds nothing wrong with phantom %i', (seed) => {
    expect(checkVolume(createPhantom({ seed, dims: [128, 128, 32] }).volume)).toEqual([]);
  });

  it('says what is wrong with values', () => {
    expect(codes(withVoxels((hu) => Math.max(0, Math.min(255, (hu + 1350) / 6))))).toEqual([
      'already-windowed',
    ]);
    expect(codes(withVoxels((hu) => hu + 1024))).toEqual(['rescale-missing']);
    expect(codes(withVoxels((hu) => Math.max(hu, -800)))).toEqual(['air-off']);
    expect(codes(withVoxels((hu) => (hu < -990 ? -3024 : hu)))).toContain('range-odd');
    expect(codes(withVoxels(() => 7))).toEqual(['flat']);
    const normalised = Float32Array.from(volume.voxels, (hu) => hu / 4096);
    expect(codes({ ...volume, voxels: normalised })).toContain('normalised');
    for (const { message, hint } of checkVolume(withVoxels((hu) => hu + 1024))) {
      expect(message.length).toBeGreaterThan(10);
      expect(hint.length).toBeGreaterThan(10);
    }
  });

  it('leaves unmeasured voxels out where the file marks them', () => {
    const padded = withVoxels((hu) => (hu < -990 ? -3024 : hu));
    expect(codes({ ...padded, padding: -3024 })).not.toContain('range-odd');
  });

  it('says what is wrong with modality and unit', () => {
    expect(codes({ ...volume, modality: 'MR' })).toEqual(['not-ct']);
    expect(codes({ ...volume, modality: 'CT' })).toEqual([]);
    expect(codes({ ...volume, unit: 'grey' })).toContain('not-ct');
  });

  it('says what is wrong with directions', () => {
    const sagittal = reorient(volume, { axes: [1, 2, 0], flips: [false, false, false] });
    expect(checkVolume(sagittal)).toMatchObject([
      { code: 'not-axial', message: expect.stringContaining('sagittal') as string },
    ]);
    const coronal = reorient(volume, { axes: [0, 2, 1], flips: [false, false, false] });
    expect(checkVolume(coronal)).toMatchObject([
      { code: 'not-axial', message: expect.stringContaining('coronal') as string },
    ]);
    // The same bytes, called front to back or right to left by a wrong header.
    const turned = volume.affine.map((value, i) => (i >= 4 && i < 8 ? -value : value));
    expect(codes({ ...volume, affine: turned })).toEqual(['front-to-back']);
    const mirrored = { ...volume, affine: volume.affine.map((value, i) => (i < 4 ? -value : value)) };
    expect(codes(mirrored)).toEqual([]);
    expect(lungMask(mirrored).checks.map(({ code }) => code)).toEqual(['mirrored']);
    expect(lungMask(volume).checks).toEqual([]);
  });

  it('says what is wrong with spacing', () => {
    expect(codes({ ...volume, affine: diagonalAffine([-1, -1, 1]) })).toEqual(['spacing-odd']);
    expect(codes({ ...volume, affine: diagonalAffine([-0.5, -0.5, 5]) })).toEqual(['field-of-view']);
    expect(codes({ ...volume, affine: diagonalAffine([-2.8, -2.8, 25]) })).toEqual(['spacing-odd']);
    expect(codes({ ...volume, calibrated: false })).toEqual(['spacing-unknown']);
    expect(codes({ ...volume, slicePositions: [0, 1, 3] })).toEqual(['slices-uneven']);
  });

  it('says what is wrong with pictures', () => {
    const [slice] = [...toSlices(volume)].slice(16);
    const picture = (width: number, height: number, data: Uint8Array): Volume => ({
      ...volume,
      format: 'png',
      unit: 'grey',
      calibrated: false,
      dims: [width, height, 1],
      voxels: data,
    });
    expect(codes(picture(128, 128, slice!.data))).toEqual([]);
    expect(
      codes(
        picture(
          128,
          128,
          slice!.data.map((grey) => (grey > 128 ? 255 : 0)),
        ),
      ),
    ).toEqual(['looks-like-mask']);
    expect(
      codes(
        picture(
          128,
          128,
          slice!.data.map((grey) => 100 + (grey >> 4)),
        ),
      ),
    ).toEqual(['low-contrast']);
    const large = Uint8Array.from({ length: 2000 * 1500 }, (_, i) => i % 251);
    expect(codes(picture(2000, 1500, large))).toEqual(['radiograph']);
  });

  it.skipIf(!hasSharedData)(onSharedData('finds nothing wrong with the 98 labelled slices'), async () => {
    const root = sharedPath('covid-semiseg/Dataset');
    for (const folder of ['TrainingSet/LungInfection-Train/Doctor-label', 'TestingSet/LungInfection-Test']) {
      for (const name of readdirSync(`${root}/${folder}/Imgs`)) {
        expect(codes(await readImage(`${root}/${folder}/Imgs/${name}`)), name).toEqual([]);
      }
    }
  });
});
