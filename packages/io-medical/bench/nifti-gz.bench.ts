import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { bench, describe } from 'vitest';
import { encodeNifti, readImage } from '../src/index.js';

/** A CT of 512 x 512 x 300 as `.nii.gz`: unpacked, checked and ready, against no more than Node's own gunzip. */
const DIMS = [512, 512, 300] as const;
const ROUNDS = { iterations: 7, time: 0, warmupIterations: 2, warmupTime: 0 };

const packed = gzipSync(ct(), { level: 1 });
const gunzipAsync = promisify(gunzip);

describe(`.nii.gz of ${DIMS.join(' x ')}`, () => {
  bench('readImage', async () => void (await readImage(packed)), ROUNDS);
  bench("Node's gunzip", async () => void (await gunzipAsync(packed)), ROUNDS);
});

/** Soft tissue and noise, which packs to half, as scans do. */
function ct(): Uint8Array {
  const voxels = new Int16Array(DIMS[0] * DIMS[1] * DIMS[2]);
  let state = 1;
  for (let i = 0; i < voxels.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    voxels[i] = -1000 + ((i >> 9) % 512) + ((state >> 16) % 60);
  }
  return encodeNifti(voxels, {
    dims: DIMS,
    affine: [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    calibrated: true,
  });
}
