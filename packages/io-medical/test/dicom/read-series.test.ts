import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { determinant } from '../../src/affine.js';
import { listSeries, readAllSeries, readSeries } from '../../src/dicom/read-series.js';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { createRandom } from '../../src/phantom/random.js';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import type { Volume } from '../../src/volume.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type CtSeriesOptions, ctElements, ctSeries, expectedAffine, PATIENT } from './ct-series.js';
import { makeDicom } from './dicom-files.js';

const { volume: phantom } = createPhantom({ seed: 3, dims: [24, 20, 12] });
const SIZE = { rows: 20, columns: 24 };
const slices = ctSeries(phantom);

function shuffled<T>(items: readonly T[]): T[] {
  const random = createRandom(7);
  const left = [...items];
  return items.map(() => left.splice(random.integer(0, left.length - 1), 1)[0] as T);
}

function expectPhantom(volume: Volume, options: CtSeriesOptions = {}): void {
  expect(volume.dims).toEqual(phantom.dims);
  expect(volume.voxels).toEqual(phantom.voxels);
  expect(volume.unit).toBe('HU');
  expectedAffine(options).forEach((value, i) => {
    expect(volume.affine[i], `affine ${i}`).toBeCloseTo(value, 9);
  });
}

async function failure(files: readonly Uint8Array[], options: ReadOptions = {}): Promise<Error> {
  const error = await readSeries(files, { name: 'scan', ...options }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ImageFormatError' });
  return error as Error;
}

const localizer = makeDicom(
  ctElements(new Int16Array(480), SIZE, [
    [0x0008_0008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER'],
    [0x0020_0037, 'DS', [0, 1, 0, 0, 0, -1]],
  ]),
);
const report = makeDicom([
  [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.88.33'],
  [0x0008_0060, 'CS', 'SR'],
  [0x0010_0010, 'PN', PATIENT.name],
]);
const notes = new TextEncoder().encode('these are my notes\n');

describe('a series', () => {
  it('in any order of files and of instance numbers', async () => {
    const numbers = shuffled(slices.map((_, i) => i + 1));
    const files = ctSeries(phantom, { extra: (z) => [[0x0020_0013, 'IS', [numbers[z] ?? 0]]] });
    const volume = await readSeries(shuffled(files));
    expectPhantom(volume);
    expect(volume).toMatchObject({
      format: 'dicom',
      modality: 'CT',
      calibrated: true,
      assumed: [],
      warnings: [],
    });
  });

  it('scanned from head to feet', async () => {
    // Slice 0 lies on top: in order along the normal the volume comes out upside down, with its affine.
    const volume = await readSeries(ctSeries(phantom, { step: [0, 0, -2] }));
    const size = 24 * 20;
    for (let z = 0; z < 12; z++) {
      expect(volume.voxels.subarray(z * size, (z + 1) * size)).toEqual(
        phantom.voxels.subarray((11 - z) * size, (12 - z) * size),
      );
    }
    expectedAffine({ origin: [-90, -80, -92] }).forEach((value, i) => {
      expect(volume.affine[i]).toBeCloseTo(value, 9);
    });
  });

  it.each<[string, CtSeriesOptions]>([
    ['oblique', { row: [0.8, 0.6, 0], column: [-0.6, 0.8, 0], step: [0, 0, 2] }],
    ['oblique in two angles', { row: [0.8, 0.36, 0.48], column: [-0.6, 0.48, 0.64], step: [0, -1.6, 1.2] }],
    ['sagittal', { row: [0, 1, 0], column: [0, 0, -1], step: [-1.5, 0, 0] }],
    ['coronal', { row: [1, 0, 0], column: [0, 0, -1], step: [0, 1.25, 0] }],
  ])('%s', async (_name, options) => {
    expectPhantom(await readSeries(shuffled(ctSeries(phantom, options))), options);
  });

  it('with exact copies, which are dropped', async () => {
    const renamed = ctSeries(phantom, { extra: (z) => [[0x0008_0018, 'UI', `1.9.${z}`]] });
    const files = [...slices, slices[3], slices[3], renamed[5]].filter((file) => file !== undefined);
    const volume = await readSeries(shuffled(files), { name: 'scan' });
    expectPhantom(volume);
    expect(volume.warnings).toEqual(['scan: 3 exact copies of slices left out']);
  });

  it('with two different slices in one place, which is refused', async () => {
    const others = ctSeries(phantom, {
      extra: (z) => [
        [0x0008_0018, 'UI', `1.9.${z}`],
        [0x0020_0032, 'DS', [-90, -80, -70 + 2 * 4]],
        [0x0020_0013, 'IS', [100]],
      ],
    });
    const files = [...slices, others[7]].filter((file) => file !== undefined);
    const error = await failure(files);
    expect(error).toMatchObject({ code: 'uneven-slices' });
    expect(error.message).toContain('1 slice lies where another one with different pixels does');
    const volume = await readSeries(files, { allowUneven: true });
    expectPhantom(volume);
    expect(volume.warnings.join()).toContain('the first is kept');
  });

  it('that holds each place once per acquisition falls into volumes', async () => {
    const phase = (n: number): Uint8Array[] =>
      ctSeries(phantom, {
        rescale: () => ({ slope: 1, intercept: -1024 - n }),
        extra: (z) => [
          [0x0008_0018, 'UI', `1.9.${n}.${z}`],
          [0x0020_0012, 'IS', [n]],
        ],
      });
    const files = shuffled([...phase(1), ...phase(2)]);
    expect((await failure(files)).message).toContain(
      'holds 2 series: 0: CT 24 x 20 x 12, 1: CT 24 x 20 x 12',
    );
    expectPhantom(await readSeries(files, { series: 1 }));
  });

  it('with slices missing at an end and in the middle, which is refused', async () => {
    const files = slices.filter((_, z) => z !== 0 && z !== 6);
    const error = await failure(files);
    expect(error).toMatchObject({ code: 'uneven-slices' });
    expect(error.message).toContain('from 2.00 to 4.00 mm apart: 1 gap, where about 1 slices are missing');
    const volume = await readSeries(files, { allowUneven: true });
    expect(volume.dims).toEqual([24, 20, 10]);
    expect(volume.slicePositions).toEqual([0, 2, 4, 6, 8, 12, 14, 16, 18, 20]);
    expect(volume.affine[10]).toBeCloseTo(20 / 9, 9);
    expect(volume.warnings.join()).toContain('distances and volumes are wrong in places');
  });

  it('with slices missing at an end only, of which image counts tell', async () => {
    const announced = ctSeries(phantom, { extra: () => [[0x0020_1002, 'IS', [12]]] }).slice(0, 10);
    const volume = await readSeries(announced, { name: 'scan' });
    expect(volume.dims[2]).toBe(10);
    expect(volume.warnings).toEqual(['scan: (0020,1002) announces 12 images, but 10 are here']);
  });

  it('with every second slice left out, of which image numbers tell', async () => {
    const volume = await readSeries(slices.filter((_, z) => z % 2 === 0));
    expect(volume.affine[10]).toBeCloseTo(4, 9);
    expect(volume.warnings.join()).toContain('5 image numbers (0020,0013) are left out');
  });

  it('with a tilted gantry has a sheared affine and the right millilitres', async () => {
    const angle = (15 * Math.PI) / 180;
    const options: CtSeriesOptions = { column: [0, Math.cos(angle), Math.sin(angle)], step: [0, 0, 2] };
    const volume = await readSeries(ctSeries(phantom, options), { name: 'scan' });
    expectPhantom(volume, options);
    expect(Math.abs(determinant(volume.affine))).toBeCloseTo(0.75 * 0.5 * 2 * Math.cos(angle), 9);
    expect(volume.warnings).toEqual([
      'scan: slices are shifted against each other (gantry tilt of 15.0 degrees); the affine is sheared accordingly',
    ]);
  });

  it('with a rescale of its own for each slice', async () => {
    const rescale = (z: number): { slope: number; intercept: number } => ({
      slope: z % 2 ? 0.5 : 1,
      intercept: -1000 - z,
    });
    const volume = await readSeries(ctSeries(phantom, { rescale }));
    expect(volume.voxels).toBeInstanceOf(Float32Array);
    expect(Int16Array.from(volume.voxels)).toEqual(phantom.voxels);
    expect(volume.unit).toBe('HU');
  });

  it('of one slice takes the thickness for the step', async () => {
    const volume = await readSeries(slices.slice(0, 1));
    expect(volume.dims).toEqual([24, 20, 1]);
    expectedAffine().forEach((value, i) => expect(volume.affine[i]).toBeCloseTo(value, 9));
  });

  it('without positions keeps the order of image numbers and says so', async () => {
    const bare = ctSeries(phantom).map((_, z) =>
      makeDicom(
        ctElements(
          phantom.voxels.subarray(z * 480, (z + 1) * 480).map((value) => value + 1024),
          SIZE,
          [[0x0020_0013, 'IS', [z + 1]]],
        ).filter(([tag]) => tag !== 0x0020_0032 && tag !== 0x0020_0037),
      ),
    );
    const volume = await readSeries(shuffled(bare));
    expect(volume.voxels).toEqual(phantom.voxels);
    expect(volume.assumed.join()).toContain('no known position');
    expect(volume.warnings.join()).toContain('their order is assumed');
  });
});

describe('a folder', () => {
  const folder = temporaryFolder();
  const mixed = join(folder, 'mixed');
  mkdirSync(join(mixed, 'a', 'b'), { recursive: true });
  const second = ctSeries(phantom, { seriesUid: '1.2.3.999.77', step: [0, 0, 3] });
  shuffled(slices).forEach((file, i) => {
    writeFileSync(join(mixed, 'a', `IM${i}`), file);
  });
  writeFileSync(join(mixed, 'a', 'b', 'localizer'), localizer);
  writeFileSync(join(mixed, 'report.dcm'), report);
  writeFileSync(join(mixed, 'notes.txt'), notes);
  writeFileSync(join(mixed, 'broken.dcm'), (slices[0] ?? notes).subarray(0, 400));

  it('of one series with a localizer, a report, a note and a broken file', async () => {
    const volume = await readImage(mixed);
    expectPhantom(volume);
    expect(volume.warnings).toEqual([`${mixed}: 1 file could not be read; listSeries lists them`]);
    expect(await listSeries(mixed)).toMatchObject({
      series: [{ index: 0, modality: 'CT', columns: 24, rows: 20, slices: 12, isPlaced: true }],
      skipped: [
        { name: 'broken.dcm', reason: 'cannot be read (truncated)', isLoss: true },
        { name: 'notes.txt', reason: 'not a DICOM file', isLoss: false },
        { name: 'report.dcm', reason: 'a DICOM object without pixels', isLoss: false },
        { name: 'a/b/localizer', reason: 'a localizer, not a slice', isLoss: false },
      ],
    });
  });

  it('with copies of a slice and other pixels in its place tells them apart', async () => {
    const several = join(folder, 'several');
    mkdirSync(several);
    const other = ctSeries(phantom, { extra: () => [[0x0020_0032, 'DS', [-90, -80, -70]]] })[7];
    // Longer by an element, so that memory which it was read into is large enough for the others.
    const comment = ctSeries(phantom, { extra: () => [[0x0020_4000, 'LT', 'long '.repeat(40)]] })[3];
    const files = [...slices, slices[3], comment, slices[3], slices[3]].filter((file) => file !== undefined);
    files.forEach((file, i) => {
      writeFileSync(join(several, `${i}`), file);
    });
    const volume = await readSeries(several);
    expectPhantom(volume);
    expect(volume.warnings).toEqual([`${several}: 4 exact copies of slices left out`]);
    writeFileSync(join(several, 'other'), other ?? notes);
    await expect(readSeries(several)).rejects.toMatchObject({ code: 'uneven-slices' });
  });

  it('of two series asks which, and gives both', async () => {
    const files = shuffled([...slices, ...second, localizer, report]);
    const error = await failure(files);
    expect(error).toMatchObject({ code: 'several-series' });
    expect(error.message).toBe('scan: holds 2 series: 0: CT 24 x 20 x 12, 1: CT 24 x 20 x 12');
    expectPhantom(await readSeries(files, { series: '1.2.3.999.77' }), { step: [0, 0, 3] });
    const steps: (number | undefined)[] = [];
    for await (const volume of readAllSeries(files)) {
      expect(volume.voxels).toEqual(phantom.voxels);
      steps.push(volume.affine[10]);
    }
    expect(steps.toSorted((a = 0, b = 0) => a - b)).toEqual([2, 3]);
    expect((await failure(files, { series: 9 })).message).toContain(
      'the series asked for is not one of 2 series',
    );
  });

  it('with a single picture beside the series reads the series', async () => {
    const capture = makeDicom(
      ctElements(new Int16Array(480), SIZE, [[0x0020_000e, 'UI', '1.5']]).filter(
        ([tag]) => tag !== 0x0020_0032,
      ),
    );
    const volume = await readSeries([capture, ...slices], { name: 'scan' });
    expectPhantom(volume);
    expect(volume.warnings).toEqual(['scan: 1 other series left out; listSeries lists them']);
  });

  it('is searched no further than its links lead inside', async () => {
    const outside = join(folder, 'outside');
    const linked = join(folder, 'linked');
    mkdirSync(outside);
    mkdirSync(linked);
    slices.forEach((file, z) => {
      writeFileSync(join(z < 6 ? outside : linked, `${z}.dcm`), file);
    });
    symlinkSync(join(outside, '0.dcm'), join(linked, '0.dcm'));
    symlinkSync(outside, join(linked, 'more'));
    symlinkSync(join(linked, '7.dcm'), join(linked, 'seven.dcm'));
    const { series } = await listSeries(linked);
    expect(series.map((info) => info.slices)).toEqual([7]);
  });

  it('of too many files is refused, and so is one without any', async () => {
    await expect(readSeries(mixed, { limits: { maxFiles: 5 } })).rejects.toMatchObject({ code: 'too-large' });
    mkdirSync(join(folder, 'empty'));
    await expect(readSeries(join(folder, 'empty'))).rejects.toMatchObject({ code: 'no-image' });
    expect((await failure([notes, report])).message).toBe(
      'scan: none of 2 files is a DICOM image (not a DICOM file; a DICOM object without pixels)',
    );
    expectPhantomSlice(await readSeries([notes, localizer]));
  });

  function expectPhantomSlice(volume: Volume): void {
    expect(volume.dims).toEqual([24, 20, 1]);
    expect(volume.warnings.join()).toContain('a localizer');
  }
});

describe('a ZIP archive', () => {
  const entries = Object.fromEntries([...slices.entries()].map(([z, file]) => [`../../etc/${z}.dcm`, file]));

  it('is read like a folder, whatever paths it names', async () => {
    expectPhantom(await readImage(zipSync(entries)));
    expectPhantom(await readImage(zipSync(entries, { level: 0 })));
    expectPhantom(await readSeries(new Blob([new Uint8Array(zipSync(entries))])));
  });

  it('is refused where it is damaged, unpacks to too much or is encrypted', async () => {
    const archive = zipSync(entries);
    const fail = async (bytes: Uint8Array, options: ReadOptions = {}): Promise<unknown> =>
      readImage(bytes, options).catch((error: unknown) => (error as { code: string }).code);
    expect(await fail(archive.subarray(0, archive.length - 30))).toBe('truncated');
    expect(await fail(archive, { limits: { maxDecodedBytes: 5000 } })).toBe('too-large');
    expect(await fail(archive, { limits: { maxFiles: 3 } })).toBe('too-large');
    const broken = archive.slice();
    broken[400] = (broken[400] ?? 0) ^ 0xff;
    // The first file is lost, the others make a volume that begins one slice later.
    const rest = await readImage(broken);
    expect(rest.dims[2]).toBe(11);
    expect(rest.warnings.join()).toContain('1 file could not be read');
    const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
    for (let at = 0; at < archive.length - 4; at++) {
      if (view.getUint32(at, true) === 0x0201_4b50) view.setUint16(at + 8, 1, true);
    }
    expect(await fail(archive)).toBe('no-image');
  });
});

describe('reading a series', () => {
  it('tells how far it is and stops when asked to', async () => {
    const events: string[] = [];
    await readSeries(slices, {
      onProgress: ({ type, done, total }) => events.push(`${type} ${done}/${total}`),
    });
    expect(events).toHaveLength(24);
    expect([events[0], events[11], events[12], events[23]]).toEqual([
      'header 1/12',
      'header 12/12',
      'slice 1/12',
      'slice 12/12',
    ]);
    const controller = new AbortController();
    const reading = readSeries(slices, {
      signal: controller.signal,
      onProgress: ({ type, done }) => {
        if (type === 'slice' && done === 3) controller.abort(new Error('stop'));
      },
    });
    await expect(reading).rejects.toThrow('stop');
  });

  it('never tells who the patient is', async () => {
    const texts: string[] = [];
    const collect = async (files: readonly Uint8Array[]): Promise<void> => {
      const outcome = await readSeries(files).catch((error: unknown) => error);
      if (outcome instanceof Error)
        texts.push(outcome.message, (outcome as Error & { hint: string }).hint, String(outcome.stack));
      else texts.push(...(outcome as Volume).warnings, ...(outcome as Volume).assumed);
    };
    const odd = makeDicom(ctElements(new Int16Array(480), SIZE, [[0x0008_0060, 'CS', PATIENT.name]]));
    const wrongType = makeDicom(ctElements(new Int16Array(480), SIZE, [[0x0028_0004, 'CS', PATIENT.name]]));
    const wrongSyntax = makeDicom(ctElements(new Int16Array(480), SIZE), { syntax: PATIENT.name });
    const short = (slices[0] ?? notes).subarray(0, 900);
    for (const file of [odd, wrongType, wrongSyntax, short, report, localizer]) await collect([file]);
    await collect(slices.filter((_, z) => z !== 5));
    await collect([...slices, ...ctSeries(phantom, { seriesUid: '1.5', step: [0, 0, 3] })]);
    expect(texts.length).toBeGreaterThan(15);
    for (const secret of Object.values(PATIENT)) expect(texts.join('\n')).not.toContain(secret);
  });

  it('keeps what derived objects need to refer to it', async () => {
    const { dicom } = await readSeries(slices);
    expect(dicom?.slices[2]).toEqual({
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUid: '1.2.3.999.3.11.3',
      frame: 1,
    });
    expect(dicom?.elements.get('00100010')).toEqual({ vr: 'PN', value: PATIENT.name });
    expect(dicom?.elements.get('0020000D')?.value).toBe(PATIENT.study);
  });
});
