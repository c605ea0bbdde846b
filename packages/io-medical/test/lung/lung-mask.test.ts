import { describe, expect, it } from 'vitest';
import { LEFT_LUNG, RIGHT_LUNG } from '../../src/lung/labels.js';
import { lungMask, type LungMask } from '../../src/lung/lung-mask.js';
import { createPhantom, type Phantom } from '../../src/phantom/create-phantom.js';
import { volumeOf } from '../volumes.js';
import { pitch, reorient, reorientVoxels } from './reorient.js';

function dice({ labels }: LungMask, lungs: Uint8Array): number {
  let [both, sum] = [0, 0];
  labels.forEach((label, i) => {
    if (label > 0 && lungs[i] === 1) both++;
    sum += (label > 0 ? 1 : 0) + lungs[i]!;
  });
  return (2 * both) / sum;
}

/** Voxels of the lungs that bear the other side's label; the phantom's x runs to the patient's left. */
function onWrongSide({ labels }: LungMask, { lungs, volume }: Phantom): number {
  const [nx] = volume.dims;
  return labels.filter((label, i) => {
    const right = i % nx < nx / 2 ? RIGHT_LUNG : LEFT_LUNG;
    return lungs[i] === 1 && label !== 0 && label !== right;
  }).length;
}

/** Fills a block, in voxels, with one density. */
function paint(
  { volume }: Phantom,
  density: number,
  isInside: (x: number, y: number, z: number) => boolean,
): Phantom['volume'] {
  const voxels = volume.voxels.slice();
  const [nx, ny] = volume.dims;
  for (let i = 0; i < voxels.length; i++) {
    if (isInside(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny)))) voxels[i] = density;
  }
  return { ...volume, voxels };
}

const phantom = createPhantom({ seed: 12, dims: [112, 112, 36], infection: false });

const straight = lungMask(phantom.volume);

describe('lungMask', () => {
  it.each([
    [0, [128, 128, 40], false],
    [1, [112, 128, 64], false],
    [2, [160, 112, 24], true],
    [3, [128, 128, 24], true],
    [4, [96, 128, 48], true],
    [5, [144, 144, 20], false],
  ] as const)('finds both lungs of phantom %i on %j (infected: %s)', (seed, dims, infection) => {
    const patient = createPhantom({ seed, dims, infection });
    const found = lungMask(patient.volume, { infection: patient.infection });
    expect(dice(found, patient.lungs)).toBeGreaterThanOrEqual(0.98);
    expect(onWrongSide(found, patient)).toBe(0);
    expect(found.checks).toEqual([]);
    expect(found.voxels.right + found.voxels.left).toBe(found.labels.filter(Boolean).length);
  });

  it.each([
    ['coronal, flipped', { axes: [0, 2, 1], flips: [true, false, true] }],
    ['sagittal', { axes: [1, 2, 0], flips: [false, true, false] }],
    ['feet first', { axes: [0, 1, 2], flips: [false, false, true] }],
    ['x to the right', { axes: [0, 1, 2], flips: [true, false, false] }],
  ] as const)('gives the same voxels in a file that is %s', (_, how) => {
    const turned = lungMask(reorient(phantom.volume, how));
    // Comparing bytes: toEqual takes seconds for a million of them.
    const expected = reorientVoxels(straight.labels, phantom.volume.dims, how);
    expect(Buffer.compare(turned.labels, expected)).toBe(0);
    expect(turned.voxels).toEqual(straight.voxels);
  });

  it('does the same on a tilted grid, whose axial slices are nearly axial', () => {
    const tilted = lungMask(pitch(phantom.volume, 18));
    expect(dice(tilted, phantom.lungs)).toBeGreaterThanOrEqual(0.98);
    expect(onWrongSide(tilted, phantom)).toBe(0);
  });

  it('removes windpipe and main bronchi, and keeps them where asked to', () => {
    const patient = createPhantom({ seed: 1, dims: [128, 128, 40], infection: false });
    const removed = lungMask(patient.volume);
    const kept = lungMask(patient.volume, { airways: 'keep' });
    expect(removed.method).toContain('windpipe and main bronchi removed');
    expect(kept.method).toContain('airways kept');
    const [nx, ny, nz] = patient.volume.dims;
    // The windpipe's air well above the carina, which lies 26 mm above the middle: x = 0, 4 to 12 mm behind the middle.
    const up = Math.round((nz - 1) / 2 + 60 / 8);
    const at = nx / 2 + nx * (Math.round(ny / 2 + 7 / 2.8) + ny * up);
    expect(patient.volume.voxels[at]).toBeLessThan(-900);
    expect(removed.labels[at]).toBe(0);
    expect(kept.labels[at]).not.toBe(0);
    expect(dice(removed, patient.lungs)).toBeGreaterThan(dice(kept, patient.lungs));
  });

  it('parts lungs that touch at the front where they do', () => {
    // A bridge of thin lung through the mediastinum, 13 mm deep and 130 mm high.
    const [nx, ny] = phantom.volume.dims;
    const joined = paint(
      phantom,
      -860,
      (x, y, z) => Math.abs(x - nx / 2) < 12 && Math.abs(y - ny / 2 + 18) <= 2 && z > 13 && z < 28,
    );
    const found = lungMask(joined);
    expect(found.method).toContain('parted at the narrowest place');
    expect(found.checks).toEqual([]);
    expect(onWrongSide(found, phantom)).toBeLessThan(0.01 * straight.labels.filter(Boolean).length);
    expect(Math.abs(found.voxels.right / straight.voxels.right - 1)).toBeLessThan(0.06);
    expect(Math.abs(found.voxels.left / straight.voxels.left - 1)).toBeLessThan(0.06);
  });

  it('counts infection as lung, by the side it lies on', () => {
    const [nx, ny] = phantom.volume.dims;
    const infection = new Uint8Array(phantom.lungs.length);
    const [right, left] = [14 + nx * (ny / 2 + ny * 18), nx - 14 + nx * (ny / 2 + ny * 18)];
    const wall = straight.labels.findIndex((label, i) => label === 0 && phantom.lungs[i] === 0);
    for (const i of [right, left, wall]) infection[i] = 1;
    const { labels, method } = lungMask(phantom.volume, { infection });
    expect(labels[right]).toBe(RIGHT_LUNG);
    expect(labels[left]).toBe(LEFT_LUNG);
    expect(labels[wall]).not.toBe(0);
    expect(method).toContain('infection counted as lung');
  });

  it('says so when one lung is not there', () => {
    const nx = phantom.volume.dims[0];
    const solid = paint(phantom, 40, (x) => x > nx / 2 && x < nx - 10);
    const { checks, voxels } = lungMask(solid);
    expect(checks).toMatchObject([{ code: 'one-lung' }]);
    expect(checks[0]?.message).toContain('right');
    expect(voxels.left).toBe(0);
    expect(voxels.right).toBeGreaterThan(1000);
  });

  it('says so when there is no lung, and takes no bowel gas for one', () => {
    const { volume } = phantom;
    const empty = lungMask(volumeOf([8, 8, 4], new Int16Array(256).fill(40)));
    expect(empty.checks).toMatchObject([{ code: 'no-lung' }]);
    expect(empty.labels).not.toContain(1);

    const [nx, ny] = volume.dims;
    const block = (x: number, y: number): boolean => Math.hypot(x - nx / 2, y - ny / 2) < 30;
    const abdomen = paint(phantom, 40, () => true);
    const belly = paint(
      { ...phantom, volume: abdomen },
      -1000,
      (x, y) => Math.hypot(x - nx / 2, y - ny / 2) > 50,
    );
    const bowel = paint({ ...phantom, volume: belly }, -990, (x, y, z) => block(x, y) && z > 10 && z < 20);
    expect(lungMask(bowel).checks).toMatchObject([{ code: 'no-lung' }]);
  });

  it('keeps lungs that the field of view cuts, with a warning', () => {
    const [nx, ny, nz] = phantom.volume.dims;
    // Cropped to the inside of the chest: every side runs through lung.
    const [x0, y0, width, height] = [24, 38, nx - 48, 34];
    const voxels = new Int16Array(width * height * nz);
    for (let z = 0, i = 0; z < nz; z++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) voxels[i++] = phantom.volume.voxels[x0 + x + nx * (y0 + y + ny * z)]!;
      }
    }
    const { checks, voxels: found } = lungMask({ ...phantom.volume, voxels, dims: [width, height, nz] });
    expect(checks).toMatchObject([{ code: 'lungs-cut' }]);
    expect(found.right).toBeGreaterThan(3000);
    expect(found.left).toBeGreaterThan(3000);
  });

  it('works on a single slice, and says what that cannot tell', () => {
    const slice = createPhantom({ seed: 3, dims: [160, 160, 1], spacing: [2.25, 2.25, 5], infection: false });
    const found = lungMask(slice.volume);
    expect(dice(found, slice.lungs)).toBeGreaterThan(0.97);
    expect(found.checks).toMatchObject([{ code: 'single-slice' }]);
  });

  it('refuses what is no CT, and impossible options', () => {
    const invalid = expect.objectContaining({ code: 'invalid-option' });
    expect(() => lungMask({ ...phantom.volume, unit: 'grey' })).toThrow(invalid);
    expect(() => lungMask(phantom.volume, { thresholdHu: NaN })).toThrow(invalid);
    expect(() => lungMask(phantom.volume, { closingMm: -1 })).toThrow(invalid);
    expect(() => lungMask(phantom.volume, { infection: new Uint8Array(3) })).toThrow(
      expect.objectContaining({ code: 'size-mismatch' }),
    );
  });
});
