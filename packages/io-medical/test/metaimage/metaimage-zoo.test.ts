import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';
import { littleEndianHash, zooOracle } from '../zoo.js';

interface ZooEntry {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly header: Readonly<Record<string, string>>;
  readonly sha256_raw_le_xfastest: string;
}

describe.skipIf(!hasSharedData)(onSharedData('MetaImage files of other programs'), () => {
  const entries = hasSharedData
    ? ['mha', 'generated/mha'].flatMap((folder) =>
        zooOracle<ZooEntry>(folder).map(([name, entry]) => [name, entry, `zoo/${folder}/${name}`] as const),
      )
    : [];

  it.each(entries)('%s gives its voxels, their type and their place', async (_, entry, path) => {
    const volume = await readImage(sharedPath(path));
    expect(volume.dims).toEqual(entry.shape);
    expect(entry.dtype).toBe('i2');
    expect(volume.voxels.constructor).toBe(Int16Array);
    expect(littleEndianHash([volume.voxels])).toBe(entry.sha256_raw_le_xfastest);
    const numbers = (key: string): number[] => (entry.header[key] ?? '').split(' ').map(Number);
    const [sx = 0, sy = 0, sz = 0] = numbers('ElementSpacing');
    const [ox = 0, oy = 0, oz = 0] = numbers('Offset');
    const [xx = 0, , , , yy = 0, , , , zz = 0] = numbers('TransformMatrix');
    // All of these matrices are diagonal; x and y change sign from LPS to RAS.
    const affine = [-xx * sx, 0, 0, -ox, 0, -yy * sy, 0, -oy, 0, 0, zz * sz, oz, 0, 0, 0, 1];
    expect(volume.affine).toEqual(affine);
  });

  it('cover all of them', () => {
    expect(entries).toHaveLength(4);
  });
});
