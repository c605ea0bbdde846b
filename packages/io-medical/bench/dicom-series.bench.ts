import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, bench, describe } from 'vitest';
import { bundleForNode } from '../test/bundle.js';
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
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import pydicom, numpy']).status === 0,
);

/** The same by `readSeries`, from a bundle of this package, in a process of its own as Python is. */
const NODE_SCRIPT = `
import { createInterface } from 'node:readline';
import { readSeries } from './read-series.mjs';
for await (const line of createInterface(process.stdin)) {
  const { dims } = await readSeries(process.argv[2]);
  console.log(dims.join());
}
`;
const program = join(folder, 'read.mjs');
writeFileSync(program, NODE_SCRIPT);
await bundleForNode(
  new URL('../src/dicom/read-series.ts', import.meta.url),
  pathToFileURL(join(folder, 'read-series.mjs')),
);

/** A program that reads the series once for every line on its input, and then writes one. */
class Reader {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, [...args, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#lines = createInterface(child.stdout);
  }

  async read(line = ''): Promise<void> {
    this.#child.stdin?.write(`${line}\n`);
    await once(this.#lines, 'line');
  }

  stop(): void {
    this.#child.kill();
  }
}

const node = new Reader(process.execPath, [program]);
const pydicom = python === undefined ? undefined : new Reader(python, ['-c', SCRIPT]);

afterAll(() => {
  node.stop();
  pydicom?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe(`${SLICES} uncompressed slices of 512 x 512 from a folder, by processes that are already running`, () => {
  const often = { iterations: 20, warmupIterations: 5 };
  bench('readSeries', () => node.read(), often);
  for (const how of ['by hand', 'documented']) {
    const name = `pydicom, ${how}${pydicom ? '' : ' [skipped: no Python with pydicom]'}`;
    bench.skipIf(pydicom === undefined)(name, () => pydicom?.read(how), often);
  }
});
