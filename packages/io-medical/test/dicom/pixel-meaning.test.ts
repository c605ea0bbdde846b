import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import type { Volume } from '../../src/volume.js';
import { ctElements } from './ct-series.js';
import { type DicomElement, makeDicom, SYNTAX } from './dicom-files.js';
import { encodeRle } from './encoders.js';

const SIZE = { rows: 2, columns: 3 };
const STORED = [-2000, 0, 24, 1024, 2047, 100];

function read(elements: readonly DicomElement[], options: ReadOptions = {}): Promise<Volume> {
  return readImage(makeDicom(elements), { name: 'slice', ...options });
}

/** Elements without these tags. */
function without(elements: readonly DicomElement[], ...tags: number[]): readonly DicomElement[] {
  return elements.filter(([tag]) => !tags.includes(tag));
}

const bytes = (bits: 8 | 16, signed: 0 | 1 = 0): DicomElement[] => [
  [0x0028_0100, 'US', bits],
  [0x0028_0101, 'US', bits],
  [0x0028_0102, 'US', bits - 1],
  [0x0028_0103, 'US', signed],
  [0x0028_1052, 'DS', [0]],
];

describe('what stored values mean', () => {
  it('slope and intercept, whole or not', async () => {
    const whole = await read(ctElements(STORED, SIZE));
    expect(whole.voxels).toEqual(Int16Array.from(STORED, (value) => value - 1024));
    const half = await read(ctElements(STORED, SIZE, [[0x0028_1053, 'DS', '0.5']]));
    expect(half.voxels).toEqual(Float32Array.from(STORED, (value) => value / 2 - 1024));
    const wide = await read(ctElements([0, 65_535, 1, 2, 3, 4], SIZE, [[0x0028_0103, 'US', 0]]));
    expect(wide.voxels).toEqual(Float32Array.of(-1024, 64_511, -1023, -1022, -1021, -1020));
  });

  it('HU only for CT that is rescaled to them', async () => {
    expect(await read(ctElements(STORED, SIZE))).toMatchObject({ unit: 'HU', assumed: [], warnings: [] });
    const other = await read(ctElements(STORED, SIZE, [[0x0028_1054, 'LO', 'MGML']]));
    expect(other.unit).toBe('grey');
    const mr = await read(ctElements(STORED, SIZE, [[0x0008_0060, 'CS', 'MR']]));
    expect(mr).toMatchObject({
      unit: 'grey',
      modality: 'MR',
      warnings: ['slice: no CT by (0008,0060); values are taken as grey'],
    });
    const { unit, modality } = await read(without(ctElements(STORED, SIZE), 0x0008_0060));
    expect([unit, modality], 'CT by its SOP class').toEqual(['HU', 'CT']);
    const neither = await read(without(ctElements(STORED, SIZE), 0x0008_0060, 0x0008_0016));
    expect([neither.unit, neither.modality]).toEqual(['grey', undefined]);
    const bare = await read(without(ctElements(STORED, SIZE), 0x0028_1052, 0x0028_1053));
    expect(bare).toMatchObject({ unit: 'HU', assumed: ['stored values in HU (no rescale in the file)'] });
    const positive = await read(without(ctElements([0, 1, 2, 3, 4, 5], SIZE), 0x0028_1052, 0x0028_1053));
    expect(positive.unit).toBe('grey');
    expect(positive.warnings.join()).toContain('without a rescale');
    expect((await read(ctElements(STORED, SIZE, [[0x0008_0060, 'CS', 'MR']]), { unit: 'HU' })).unit).toBe(
      'HU',
    );
  });

  it('a table in place of slope and intercept', async () => {
    const lut: DicomElement[] = [
      [0x0028_3002, 'US', [4, 10, 16]],
      [0x0028_3004, 'LO', 'HU'],
      [0x0028_3006, 'OW', [100, 200, 300, 40_000]],
    ];
    const elements = without(
      ctElements([0, 10, 11, 12, 13, 99], SIZE, [[0x0028_3000, 'SQ', [lut]]]),
      0x0028_1052,
      0x0028_1053,
    );
    expect([...(await read(elements)).voxels]).toEqual([100, 100, 200, 300, 40_000, 40_000]);
    const short = lut.map((element): DicomElement =>
      element[0] === 0x0028_3006 ? [0x0028_3006, 'OW', [1, 2]] : element,
    );
    const broken = without(
      ctElements(STORED, SIZE, [[0x0028_3000, 'SQ', [short]]]),
      0x0028_1052,
      0x0028_1053,
    );
    await expect(read(broken)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('padding is told of, and replaced where asked to', async () => {
    const elements = ctElements(STORED, SIZE, [[0x0028_0120, 'SS', -2000]]);
    const volume = await read(elements);
    expect(volume.voxels[0]).toBe(-3024);
    expect(volume.padding).toBe(-3024);
    expect(volume.warnings).toEqual([
      'slice: 16.7 % of the voxels are padding outside the field of view (0028,0120)',
    ]);
    const replaced = await read(elements, { replacePadding: -1024 });
    expect([...replaced.voxels]).toEqual([-1024, -1024, -1000, 0, 1023, -924]);
    expect(replaced.padding).toBe(-1024);
    const range = await read(
      ctElements(STORED, SIZE, [
        [0x0028_0120, 'SS', 0],
        [0x0028_0121, 'SS', 30],
      ]),
    );
    expect([...range.voxels].slice(1, 3)).toEqual([-1024, -1024]);
    expect(await read(ctElements(STORED, SIZE, [[0x0028_0120, 'SS', 7]]))).not.toHaveProperty('padding');
  });

  it('MONOCHROME1 stays as it is, with a warning', async () => {
    const volume = await read(ctElements(STORED, SIZE, [[0x0028_0004, 'CS', 'MONOCHROME1']]));
    expect(volume.voxels).toEqual((await read(ctElements(STORED, SIZE))).voxels);
    expect(volume.warnings.join()).toContain('MONOCHROME1');
  });

  it('numbers with a point, in 32 and 64 bits', async () => {
    const values = [0.5, -1.25, 3, 1e-3, 4096, 2];
    const usual = without(ctElements([], SIZE), 0x7fe0_0010, 0x0028_1052, 0x0028_1053);
    expect((await read([...usual, [0x7fe0_0008, 'OF', values]])).voxels).toEqual(Float32Array.from(values));
    expect((await read([...usual, [0x7fe0_0009, 'OD', values]])).voxels).toEqual(Float64Array.from(values));
    const holes = [...usual, [0x7fe0_0008, 'OF', [NaN, 1, 2, 3, 4, Infinity]] satisfies DicomElement];
    await expect(read(holes)).rejects.toMatchObject({ code: 'not-finite' });
    expect([...(await read(holes, { replaceNonFinite: -1 })).voxels]).toEqual([-1, 1, 2, 3, 4, -1]);
  });
});

describe('colour', () => {
  const rgb = [10, 200, 30, 255, 255, 255, 0, 0, 0, 1, 2, 3, 90, 80, 70, 5, 250, 5];
  const luma = [124, 255, 0, 2, 82, 149];
  const colour: DicomElement[] = [...bytes(8), [0x0028_0002, 'US', 3], [0x0028_0004, 'CS', 'RGB']];

  it('becomes luma, pixel by pixel or plane by plane, with a warning', async () => {
    const volume = await read(
      ctElements([], SIZE, [...colour, [0x0028_0006, 'US', 0], [0x7fe0_0010, 'OB', Uint8Array.from(rgb)]]),
    );
    expect([...volume.voxels]).toEqual(luma);
    expect(volume.voxels).toBeInstanceOf(Uint8Array);
    expect(volume.warnings.join()).toContain('a colour image; its luma is used');
    const planes = [0, 1, 2].flatMap((plane) => rgb.filter((_, i) => i % 3 === plane));
    const planar = await read(
      ctElements([], SIZE, [...colour, [0x0028_0006, 'US', 1], [0x7fe0_0010, 'OB', Uint8Array.from(planes)]]),
    );
    expect([...planar.voxels]).toEqual(luma);
    const frame = { width: 3, height: 2, components: 3, bits: 8, values: rgb } as const;
    const rle = makeDicom(
      ctElements([], SIZE, [
        ...colour,
        [0x0028_0006, 'US', 1],
        [0x7fe0_0010, 'OB', { fragments: [encodeRle(frame)] }],
      ]),
      { syntax: SYNTAX.rle },
    );
    expect([...(await readImage(rle)).voxels]).toEqual(luma);
  });

  it('in YBR is its Y, also where two pixels share their colour', async () => {
    const full = [16, 128, 128, 200, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const ybr = (photometric: string, values: number[], size = SIZE): Promise<Volume> =>
      read(
        ctElements(
          [],
          size,
          [...colour, [0x0028_0004, 'CS', photometric], [0x7fe0_0010, 'OB', Uint8Array.from(values)]].filter(
            ([tag, , value]) => tag !== 0x0028_0004 || value !== 'RGB',
          ) as DicomElement[],
        ),
      );
    expect([...(await ybr('YBR_FULL', full)).voxels]).toEqual([16, 200, 3, 6, 9, 12]);
    const shared = [10, 20, 128, 129, 30, 40, 127, 126];
    expect([...(await ybr('YBR_FULL_422', shared, { rows: 2, columns: 2 })).voxels]).toEqual([
      10, 20, 30, 40,
    ]);
  });

  it('by a palette', async () => {
    const palette: DicomElement[] = [0, 1, 2].flatMap((channel): DicomElement[] => [
      [0x0028_1101 + channel, 'US', [3, 1, 16]],
      [0x0028_1201 + channel, 'OW', [0, 0x8000, 0xff00]],
    ]);
    const elements = [
      ...bytes(8),
      [0x0028_0004, 'CS', 'PALETTE COLOR'],
      ...palette,
      [0x7fe0_0010, 'OB', Uint8Array.of(0, 1, 2, 3, 4, 9)],
    ] as DicomElement[];
    expect([...(await read(ctElements([], SIZE, elements))).voxels]).toEqual([0, 0, 128, 255, 255, 255]);
    await expect(read(ctElements([], SIZE, without(elements, 0x0028_1202)))).rejects.toMatchObject({
      code: 'corrupt',
    });
  });
});

describe('several frames in one file', () => {
  const pixels = Array.from({ length: 18 }, (_, i) => i);
  const frames: DicomElement = [0x0028_0008, 'IS', [3]];
  const plane = (z: number): DicomElement => [0x0020_9113, 'SQ', [[[0x0020_0032, 'DS', [1, 2, z]]]]];
  const shared: DicomElement[] = [
    [0x0020_9116, 'SQ', [[[0x0020_0037, 'DS', [1, 0, 0, 0, 1, 0]]]]],
    [
      0x0028_9110,
      'SQ',
      [
        [
          [0x0028_0030, 'DS', [0.5, 0.25]],
          [0x0018_0050, 'DS', [9]],
        ],
      ],
    ],
  ];
  const usual = without(
    ctElements(pixels, SIZE, [frames]),
    0x0020_0032,
    0x0020_0037,
    0x0028_0030,
    0x0028_1052,
    0x0028_1053,
  );

  it('of an enhanced CT are put in order, each rescaled on its own', async () => {
    const rescale = (slope: number): DicomElement => [
      0x0028_9145,
      'SQ',
      [
        [
          [0x0028_1052, 'DS', [-10]],
          [0x0028_1053, 'DS', [slope]],
          [0x0028_1054, 'LO', 'HU'],
        ],
      ],
    ];
    const perFrame = [
      [plane(8), rescale(1)],
      [plane(5), rescale(2)],
      [plane(2), rescale(3)],
    ];
    const volume = await read([...usual, [0x5200_9229, 'SQ', [shared]], [0x5200_9230, 'SQ', perFrame]]);
    expect(volume.dims).toEqual([3, 2, 3]);
    expect([...volume.voxels]).toEqual([
      ...pixels.slice(12).map((value) => 3 * value - 10),
      ...pixels.slice(6, 12).map((value) => 2 * value - 10),
      ...pixels.slice(0, 6).map((value) => value - 10),
    ]);
    expect(volume.affine).toEqual([-0.25, 0, 0, -1, 0, -0.5, 0, -2, 0, 0, 3, 2, 0, 0, 0, 1]);
    expect(volume.unit).toBe('HU');
    expect(volume.dicom?.slices.map(({ frame }) => frame)).toEqual([3, 2, 1]);
  });

  it('without places of their own are a stack whose step is assumed', async () => {
    const volume = await read(ctElements(pixels, SIZE, [frames]));
    expect([...volume.voxels]).toEqual(pixels.map((value) => value - 1024));
    expect(volume.warnings.join()).toContain('3 images without places of their own');
  });

  it('of a dose grid lie where its offsets say', async () => {
    const offsets: DicomElement = [0x3004_000c, 'DS', [0, 4, 8]];
    const dose = await read(ctElements(pixels, SIZE, [frames, offsets, [0x3004_000e, 'DS', '0.001']]));
    expect(dose.affine[10]).toBe(4);
    expect(dose.warnings).toEqual(['slice: a dose grid, whose scaling (3004,000E) is not applied']);
  });

  it('of a segmentation become labels on an even grid, gaps filled', async () => {
    const segment = (number: number): DicomElement => [0x0062_000a, 'SQ', [[[0x0062_000b, 'US', number]]]];
    const elements: readonly DicomElement[] = [
      ...without(
        ctElements([], SIZE, [frames]),
        0x0008_0016,
        0x0008_0060,
        0x0028_0100,
        0x0028_0101,
        0x0028_0102,
        0x0028_0103,
        0x7fe0_0010,
        0x0020_0032,
        0x0020_0037,
        0x0028_0030,
      ),
      [0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.66.4'],
      [0x0008_0060, 'CS', 'SEG'],
      [0x0028_0100, 'US', 1],
      [0x0028_0101, 'US', 1],
      [0x0028_0102, 'US', 0],
      [0x0028_0103, 'US', 0],
      [0x5200_9229, 'SQ', [shared]],
      // Segment 1 in the places 0 and 6, segment 2 in place 4: the grid has a step of 2.
      [
        0x5200_9230,
        'SQ',
        [
          [plane(0), segment(1)],
          [plane(6), segment(1)],
          [plane(4), segment(2)],
        ],
      ],
      // Eighteen bits, the lowest first: 1 1 0 0 0 1 | 0 1 0 1 0 0 | 0 0 1 1 1 1
      [0x7fe0_0010, 'OB', Uint8Array.of(0b1010_0011, 0b1100_0010, 0b0000_0011)],
    ];
    const volume = await read(elements);
    expect(volume.dims).toEqual([3, 2, 4]);
    expect([...volume.voxels]).toEqual([
      1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0, 1, 0, 1, 0, 0,
    ]);
    expect(volume).toMatchObject({ modality: 'SEG', unit: 'grey' });
    expect(volume.affine[10]).toBe(2);
  });
});
