import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPhantom, type Phantom } from '../../src/phantom/create-phantom.js';

const SMALL = { dims: [96, 96, 24] } as const;
const VOXEL_ML = ((360 / 96) * (360 / 96) * (320 / 24)) / 1000;

function count(mask: Uint8Array): number {
  return mask.reduce((sum, value) => sum + value, 0);
}

function sha256(values: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

/** The best Dice that any threshold on the lungs' density reaches against the infection. */
function bestThresholdDice({ volume, lungs, infection }: Phantom): number {
  const thresholds = [-800, -750, -700, -650, -600, -550, -500, -400];
  return Math.max(
    ...thresholds.map((threshold) => {
      const found = lungs.map((lung, i) => (lung === 1 && (volume.voxels[i] ?? 0) > threshold ? 1 : 0));
      const both = count(found.map((value, i) => value & (infection[i] ?? 0)));
      return (2 * both) / (count(found) + count(infection));
    }),
  );
}

describe('createPhantom', () => {
  it('gives the same bytes for a seed on every machine', () => {
    const phantom = createPhantom({ seed: 1, ...SMALL });
    expect(phantom.volume.voxels).toBeInstanceOf(Int16Array);
    expect([phantom.volume.voxels, phantom.lungs, phantom.infection].map(sha256)).toMatchInlineSnapshot(`
      [
        "d806c913333c958f40656566c3adcf0b4c920ad0a934ded18dc74b7bd0e8d9e1",
        "f5092490878f36414c92a85145e00c16e56bdef60a698ec703d0a0d06e742c5c",
        "1d643221ce8fc61ae66e62904e046bbf1f07c048042d259d1cdae30887f2c454",
      ]
    `);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('makes a plausible chest from seed %i', (seed) => {
    const phantom = createPhantom({ seed, ...SMALL });
    const { volume, lungs, groundGlass, consolidation, infection } = phantom;
    const litres = (count(lungs) * VOXEL_ML) / 1000;
    expect(litres).toBeGreaterThan(2);
    expect(litres).toBeLessThan(7);

    expect(count(groundGlass)).toBeGreaterThan(50);
    expect(count(consolidation)).toBeGreaterThan(5);
    const share = count(infection) / count(lungs);
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.4);
    infection.forEach((value, i) => {
      if (value !== (groundGlass[i] ?? 0) + (consolidation[i] ?? 0)) throw new Error(`overlap at ${i}`);
      if (value === 1 && lungs[i] !== 1) throw new Error(`infection outside the lungs at ${i}`);
    });

    const meanOf = (mask: Uint8Array): number =>
      mask.reduce((sum, value, i) => sum + value * (volume.voxels[i] ?? 0), 0) / count(mask);
    const healthy = lungs.map((value, i) => value & (1 - (infection[i] ?? 0)));
    expect(meanOf(healthy)).toBeLessThan(-620);
    expect(meanOf(groundGlass)).toBeGreaterThan(meanOf(healthy) + 150);
    expect(meanOf(consolidation)).toBeGreaterThan(meanOf(groundGlass) + 150);
    expect(volume.voxels.every((value) => value >= -1024 && value <= 3071)).toBe(true);
    expect(volume.voxels.some((value) => value > 400)).toBe(true);
  });

  it('cannot be segmented with a threshold', () => {
    for (const seed of [0, 1, 2, 3]) {
      expect(bestThresholdDice(createPhantom({ seed, dims: [128, 128, 32] }))).toBeLessThan(0.7);
    }
  });

  it('has vessels as dense as consolidation in healthy lung', () => {
    const { volume, lungs, infection } = createPhantom({ seed: 2, ...SMALL, infection: false });
    expect(count(infection)).toBe(0);
    const dense = lungs.filter((lung, i) => lung === 1 && (volume.voxels[i] ?? 0) > -250).length;
    expect(dense / count(lungs)).toBeGreaterThan(0.01);
  });

  it('is the same patient without the infection', () => {
    const ill = createPhantom({ seed: 3, ...SMALL });
    const healthy = createPhantom({ seed: 3, ...SMALL, infection: false });
    expect(healthy.lungs).toEqual(ill.lungs);
    const changed = ill.volume.voxels.filter((value, i) => value !== healthy.volume.voxels[i]).length;
    expect(changed).toBeGreaterThan(count(ill.infection) / 2);
    expect(changed).toBeLessThan(count(ill.lungs) / 2);
  });

  it('differs between seeds, and places the grid around the middle', () => {
    const a = createPhantom({ seed: 0, dims: [32, 32, 3], spacing: [10, 10, 20] });
    const b = createPhantom({ seed: 1, dims: [32, 32, 3], spacing: [10, 10, 20] });
    expect(sha256(a.volume.voxels)).not.toBe(sha256(b.volume.voxels));
    expect(a.volume.affine).toEqual([-10, 0, 0, 155, 0, -10, 0, 155, 0, 0, 20, -20, 0, 0, 0, 1]);
  });

  it('makes a single slice with infection in it', () => {
    const { volume, infection } = createPhantom({ seed: 5, dims: [128, 128, 1], spacing: [2.8, 2.8, 5] });
    expect(volume.dims).toEqual([128, 128, 1]);
    expect(count(infection)).toBeGreaterThan(0);
  });

  it('makes severer cases of the same patient', () => {
    const mild = createPhantom({ seed: 3, ...SMALL });
    const severe = createPhantom({ seed: 3, ...SMALL, lesionScale: 1.8 });
    expect(severe.lungs).toEqual(mild.lungs);
    expect(count(severe.infection)).toBeGreaterThan(1.5 * count(mild.infection));
  });

  it('refuses impossible options', () => {
    for (const options of [
      { seed: 0.5 },
      { dims: [0, 5, 5] },
      { spacing: [1, -1, 1] },
      { lesionScale: 9 },
    ] as const) {
      expect(() => createPhantom(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    }
  });
});
