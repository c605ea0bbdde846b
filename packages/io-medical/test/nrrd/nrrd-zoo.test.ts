import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';
import { littleEndianHash, zooOracle } from '../zoo.js';

interface ZooEntry {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly header: {
    readonly space?: string;
    readonly 'space directions'?: readonly (readonly (number | null)[])[];
    readonly 'space origin'?: readonly number[];
    readonly spacings?: readonly number[];
  };
  readonly sha256_raw_le_xfastest: string;
}

/** Right-anterior-superior, as the oracle's fields say it. */
function expectedAffine({ header, shape }: ZooEntry): number[] {
  const signs = header.space === 'left-posterior-superior' ? [-1, -1, 1] : [1, 1, 1];
  const directions = header['space directions'];
  if (directions === undefined) {
    const [x = 1] = header.spacings ?? [];
    return [-x, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  }
  expect(shape.length).toBe(directions.length);
  const origin = header['space origin'] ?? [0, 0, 0];
  const rows = [0, 1, 2].map((row) => [
    ...directions.slice(0, 3).map((direction) => (direction[row] ?? 0) * (signs[row] ?? 1)),
    (origin[row] ?? 0) * (signs[row] ?? 1),
  ]);
  return [...rows.flat(), 0, 0, 0, 1].map((value) => value + 0);
}

describe.skipIf(!hasSharedData)(onSharedData('NRRD files of other programs'), () => {
  const entries = hasSharedData ? zooOracle<ZooEntry>('nrrd') : [];

  it.each(entries)('%s gives the voxels, the type and the place that pynrrd gives', async (name, entry) => {
    const volume = await readImage(sharedPath(`zoo/nrrd/${name}`));
    const [nx = 1, ny = 1, nz = 1] = entry.shape;
    expect(volume.dims).toEqual([nx, ny, nz]);
    expect(volume.voxels.constructor.name.toLowerCase()).toBe(`${entry.dtype}array`);
    expect(littleEndianHash([volume.voxels])).toBe(entry.sha256_raw_le_xfastest);
    expect(volume.affine).toEqual(expectedAffine(entry));
  });

  it('covers all of them', () => {
    expect(entries).toHaveLength(8);
  });
});
