import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createPhantom,
  encodeMask,
  encodeVolume,
  findLungs,
  openInWorker,
  quantify,
  readImage,
  segmentVolume,
  type SlicePredictor,
} from '../../src/index.js';
import { temporaryFolder } from '../temporary-folder.js';
import { bundleForNode } from '../bundle.js';

const workerUrl = pathToFileURL(join(temporaryFolder(), 'image-worker.mjs'));
const { volume: phantom } = createPhantom({ seed: 3, dims: [64, 64, 12] });

/** Finds what is bright, a different shade in every slice. */
const predictor: SlicePredictor = {
  async *predictAll(slices, { signal }) {
    for await (const slice of slices) {
      signal?.throwIfAborted();
      const data = Float32Array.from(slice.data, (value) => (value + slice.index) / 270);
      yield { slice, map: { width: slice.width, height: slice.height, data } };
    }
  },
};

describe('a volume in a worker', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await encodeVolume('nii.gz', phantom);
    await bundleForNode(new URL('../../src/worker/image-worker.ts', import.meta.url), workerUrl);
  });

  it('is segmented and measured as one here is, at any threshold without a second run', async () => {
    const here = await readImage(bytes);
    using there = await openInWorker(bytes, { workerUrl });
    expect(there.about).toMatchObject({ dims: [64, 64, 12], slices: 12, unit: 'HU', voxelType: 'int16' });
    expect(there.about).not.toHaveProperty('voxels');
    const seen: number[] = [];
    await there.segment(predictor, { size: 32, onSlice: ({ index }) => seen.push(index) });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const threshold of [0.5, 0.31]) {
      const { mask } = await segmentVolume(predictor, here, { size: 32, threshold });
      expect(mask).toContain(1);
      expect(await there.encodeMask('nii.gz', { threshold })).toEqual(await encodeMask('nii.gz', mask, here));
      const { sided } = findLungs(here);
      const { quantities } = await there.measure(threshold);
      expect(quantities).toEqual(quantify(mask, here, sided && { lungs: sided }));
    }
    expect((await readImage(await there.encodeVolume('nii'))).voxels).toEqual(here.voxels);
  });

  it('stops between two slices, and can be asked afterwards', async () => {
    using there = await openInWorker(bytes, { workerUrl });
    const controller = new AbortController();
    const run = there.segment(predictor, {
      size: 32,
      signal: controller.signal,
      onSlice: ({ index }) => {
        if (index === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect((await there.measure(0.5)).quantities.slices).toHaveLength(12);
  });

  it('rejects what waits when it is closed, and all that comes after', async () => {
    const there = await openInWorker(bytes, { workerUrl });
    const waiting = there.measure(0.5);
    there.dispose();
    there.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'not-readable' });
    await expect(there.encodeMask('nii.gz')).rejects.toMatchObject({ code: 'not-readable' });
  });
});
