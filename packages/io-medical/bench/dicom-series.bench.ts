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

/**
 * What a user of pydicom does for the same int16 volume in HU, once for every line on its input. `by hand`: sorted,
 * and shifted straight into a volume of the right type, as fast as NumPy can. `documented`: by its own
 * `apply_modality_lut`, which works in float64. Both trust the files: they look for no gaps, copies or other series.
 */
const SCRIPT = `
import glob, sys, numpy, pydicom
from pydicom.pixel_data_handlers.util import apply_modality_lut
for line in sys.stdin:
    slices = [pydicom.dcmread(name) for name in glob.glob(sys.argv[1] + '/*.dcm')]
    slices.sort(key=lambda item: item.ImagePositionPatient[2])
    volume = numpy.empty((len(slices), slices[0].Rows, slices[0].Columns), numpy.int16)
    for z, item in enumerate(slices):
        if line.strip() == 'documented':
            volume[z] = apply_modality_lut(item.pixel_array, item)
        elif item.RescaleSlope == 1:
            numpy.add(item.pixel_array, int(item.RescaleIntercept), out=volume[z])
    print(volume.shape, flush=True)
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
  for (const how of ['by hand', 'documented']) {
    const name = `pydicom, ${how}, in a process that is already running`;
    bench.skipIf(command === undefined)(
      command === undefined ? `${name} [skipped: no Python with pydicom]` : name,
      async () => {
        python ??= startPython(command ?? '');
        python.child.stdin?.write(`${how}\n`);
        await once(python.lines, 'line');
      },
    );
  }
});
