import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, bench, describe } from 'vitest';
import {
  closing,
  createPhantom,
  fillHoles,
  lungMask,
  openInWorker,
  type Volume,
  writeVolume,
} from '../src/index.js';
import { bundleForNode } from '../test/bundle.js';

/** A phantom with every voxel doubled along each axis: the size of a real scan, made in a quarter of a minute. */
function doubledPhantom(slices: number): Volume {
  const { volume } = createPhantom({ seed: 1, dims: [256, 256, slices / 2] });
  const voxels = new Int16Array(512 * 512 * slices);
  for (let z = 0, i = 0; z < slices; z++) {
    for (let y = 0; y < 512; y++) {
      const row = 256 * ((y >> 1) + 256 * (z >> 1));
      for (let x = 0; x < 512; x++) voxels[i++] = volume.voxels[row + (x >> 1)] ?? 0;
    }
  }
  const affine = volume.affine.map((value, i) => (i % 4 < 3 && i < 12 ? value / 2 : value));
  return { ...volume, voxels, dims: [512, 512, slices], affine };
}

const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 };
const folder = mkdtempSync(join(tmpdir(), 'io-medical-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('lungs of 512 x 512 x 300 (bar: 20 s in a worker)', () => {
  const volume = doubledPhantom(300);
  const file = join(folder, 'scan.nii');
  const workerUrl = pathToFileURL(join(folder, 'image-worker.mjs'));
  // An open worker finds lungs once and keeps them, so each run opens its own.
  bench(
    'in a worker that opens the file, with both sides told apart, checked and measured',
    async () => {
      using scan = await openInWorker(file, { workerUrl });
      const { quantities } = await scan.measure(0.5);
      if (quantities.lungs === undefined) throw new Error('no lungs were found');
    },
    {
      ...once,
      setup: async () => {
        await writeVolume(file, volume);
        await bundleForNode(new URL('../src/worker/image-worker.ts', import.meta.url), workerUrl);
      },
    },
  );
  bench(
    'lungMask alone, in this thread',
    () => {
      lungMask(volume);
    },
    once,
  );
});

// The part that both have: what scikit-image and SciPy do slice by slice, on 16 slices of an air mask.
const PYTHON = `
import sys, numpy as np
from scipy import ndimage as nd
from skimage.morphology import binary_closing, disk
air = np.fromfile(sys.argv[1], np.uint8).reshape(16, 512, 512)
element = disk(14)
for s in air: nd.binary_fill_holes(binary_closing(np.pad(s, 15), element))
`;
const hasPython = spawnSync('/usr/bin/python3', ['-c', 'import scipy, skimage']).status === 0;

describe('closing with a disc of 10 mm and filling, 16 slices of 512 x 512', () => {
  const volume = doubledPhantom(16);
  const air = Uint8Array.from(volume.voxels, (hu) => (hu < -320 && hu > -960 ? 1 : 0));
  const grid = { dims: volume.dims, spacing: [0.703, 0.703, 20] } as const;
  const file = join(folder, 'air.raw');
  writeFileSync(file, air);
  bench(
    'ours',
    () => {
      fillHoles(closing(air, grid, { radius: 10, shape: 'disc' }), grid.dims, { within: 'slices' });
    },
    once,
  );
  const python = `scikit-image and SciPy${hasPython ? ', with the start of Python' : ' [skipped: not installed]'}`;
  bench.skipIf(!hasPython)(
    python,
    () => {
      const { status, stderr } = spawnSync('/usr/bin/python3', ['-c', PYTHON, file], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    },
    once,
  );
});
