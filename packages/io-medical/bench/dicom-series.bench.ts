import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, bench, describe } from 'vitest';
import { readSeries } from '../src/dicom/read-series.js';
import { ctSeries } from '../test/dicom/ct-series.js';

const SLICES = 100;
const folder = mkdtempSync(join(tmpdir(), 'io-medical-bench-'));
const voxels = Int16Array.from({ length: 512 * 512 * SLICES }, (_, i) => ((i * 7919) % 4096) - 1024);
ctSeries({ voxels, dims: [512, 512, SLICES] }).forEach((bytes, z) => {
  writeFileSync(join(folder, `${(z * 37) % SLICES}.dcm`), bytes);
});

/** Reads, sorts, stacks and rescales as this package does, once for every line on its input. */
const SCRIPT = `
import glob, sys, numpy, pydicom
for line in sys.stdin:
    slices = [pydicom.dcmread(name) for name in glob.glob(sys.argv[1] + '/*.dcm')]
    slices.sort(key=lambda item: float(item.ImagePositionPatient[2]))
    volume = numpy.stack([item.pixel_array * int(item.RescaleSlope) + int(item.RescaleIntercept) for item in slices])
    print(volume.astype(numpy.int16).sum(), flush=True)
`;
const command = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import pydicom, numpy']).status === 0,
);
let python: { readonly child: ChildProcess; readonly lines: Interface } | undefined;

function startPython(name: string): NonNullable<typeof python> {
  const child = spawn(name, ['-c', SCRIPT, folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  return { child, lines: createInterface(child.stdout) };
}

afterAll(() => {
  python?.child.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe(`${SLICES} uncompressed slices of 512 x 512 from a folder`, () => {
  bench('readSeries', async () => {
    await readSeries(folder);
  });
  bench.skipIf(command === undefined)(
    command === undefined
      ? 'pydicom [skipped: no Python with pydicom]'
      : 'pydicom, in a process that is already running',
    async () => {
      python ??= startPython(command ?? '');
      python.child.stdin?.write('go\n');
      await once(python.lines, 'line');
    },
  );
});
