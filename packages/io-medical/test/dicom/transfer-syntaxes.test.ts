import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/phantom/random.js';
import { readImage } from '../../src/read-image.js';
import type { ReadOptions } from '../../src/read-options.js';
import type { Volume } from '../../src/volume.js';
import { ctElements, expectedAffine } from './ct-series.js';
import { type DicomElement, type DicomValue, makeDicom, SYNTAX } from './dicom-files.js';
import { encodeJpegLossless, encodeRle, encodeWithWasm, type Frame, frameBytes } from './encoders.js';

const SIZE = { rows: 48, columns: 64 };
const random = createRandom(11);

/** Smooth with noise, from `low` to `high`, so that every bit and every sign is met. */
function makePixels(low: number, high: number, count = 64 * 48): number[] {
  return Array.from({ length: count }, (_, i) => {
    const wave = 0.5 + 0.4 * Math.sin(i / 7) * Math.cos(i / 640);
    const share = Math.min(1, Math.max(0, wave + 0.1 * (random.uniform() - 0.5)));
    return Math.floor(low + (high - low) * share);
  });
}

interface Kind {
  readonly bits: number;
  readonly signed: boolean;
  readonly pixels: readonly number[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  'unsigned 12 bits': { bits: 12, signed: false, pixels: makePixels(0, 4095) },
  'signed 16 bits': { bits: 16, signed: true, pixels: makePixels(-32_768, 32_767) },
  'signed 13 bits': { bits: 13, signed: true, pixels: makePixels(-4096, 4095) },
  'unsigned 8 bits': { bits: 8, signed: false, pixels: makePixels(0, 255) },
};

function frameOf({ bits, pixels }: Kind): Frame {
  const values = pixels.map((value) => value & (2 ** bits - 1));
  return { width: 64, height: 48, components: 1, bits, values };
}

function format({ bits, signed }: Kind): DicomElement[] {
  return [
    [0x0028_0100, 'US', bits > 8 ? 16 : 8],
    [0x0028_0101, 'US', bits],
    [0x0028_0102, 'US', bits - 1],
    [0x0028_0103, 'US', signed ? 1 : 0],
    [0x0028_1052, 'DS', [0]],
  ];
}

function slice(
  kind: Kind,
  vr: string,
  pixels: DicomValue,
  extra: readonly DicomElement[] = [],
): readonly DicomElement[] {
  return ctElements([], SIZE, [...format(kind), ...extra, [0x7fe0_0010, vr, pixels]]);
}

const ENCODERS: Readonly<Record<string, (kind: Kind) => Promise<Uint8Array>>> = {
  rle: (kind) => Promise.resolve(encodeRle(frameOf(kind))),
  jpegLossless: (kind) => Promise.resolve(encodeJpegLossless(frameOf(kind))),
  jpegLs: (kind) => encodeWithWasm('jpeg-ls', frameOf(kind)),
  jpeg2000: (kind) => encodeWithWasm('jpeg-2000', frameOf(kind)),
  htj2k: (kind) => encodeWithWasm('htj2k', frameOf(kind)),
};

async function read(bytes: Uint8Array, options: ReadOptions = {}): Promise<Volume> {
  return readImage(bytes, { name: 'slice', ...options });
}

async function code(bytes: Uint8Array, options: ReadOptions = {}): Promise<unknown> {
  return read(bytes, options).then(
    () => 'no error',
    (error: unknown) => (error as { code: unknown }).code,
  );
}

describe('uncompressed pixels', () => {
  describe.each(Object.entries(KINDS))('of %s', (_name, kind) => {
    const own = frameBytes({ ...frameOf(kind), values: kind.pixels });
    const words = kind.bits > 8 ? kind.pixels : own;
    const vr = kind.bits > 8 ? 'OW' : 'OB';
    it.each<[string, Uint8Array]>([
      ['implicit', makeDicom(slice(kind, vr, words), { syntax: SYNTAX.implicit })],
      [
        'implicit without a header',
        makeDicom(slice(kind, vr, words), { syntax: SYNTAX.implicit, bare: true }),
      ],
      ['explicit', makeDicom(slice(kind, vr, words))],
      ['explicit without a header', makeDicom(slice(kind, vr, words), { bare: true })],
      ['big endian', makeDicom(slice(kind, vr, words), { syntax: SYNTAX.bigEndian })],
      [
        'deflated',
        makeDicom(slice(kind, vr, words), {
          syntax: SYNTAX.deflated,
          pack: (bytes) => deflateRawSync(bytes),
        }),
      ],
    ])('%s', async (_syntax, file) => {
      const volume = await read(file);
      expect([...volume.voxels]).toEqual(kind.pixels);
      expectedAffine().forEach((value, i) => expect(volume.affine[i]).toBeCloseTo(value, 9));
    });
  });

  it('lose the bits that lie outside the stored ones', async () => {
    const kind = { bits: 12, signed: true, pixels: makePixels(-2048, 2047) };
    const dirty = kind.pixels.map(
      (value, i) => (((value & 0xfff) << 2) | (i & 3) | ((i & 3) << 14)) & 0xffff,
    );
    const file = makeDicom(
      slice(kind, 'OW', dirty, [[0x0028_0102, 'US', 13]]).filter(
        ([tag, , value]) => tag !== 0x0028_0102 || value === 13,
      ),
    );
    expect([...(await read(file)).voxels]).toEqual(kind.pixels);
  });

  it('of eight bits in words of a big-endian file', async () => {
    const kind = KINDS['unsigned 8 bits'] as Kind;
    const swapped = Uint8Array.from(kind.pixels, (_, i) => kind.pixels[i ^ 1] ?? 0);
    const file = makeDicom(slice(kind, 'OW', swapped), { syntax: SYNTAX.bigEndian });
    expect([...(await read(file)).voxels]).toEqual(kind.pixels);
  });

  it('with sequences of known and of undefined length before them', async () => {
    const kind = KINDS['signed 16 bits'] as Kind;
    const nested: DicomElement[] = [
      [
        0x0008_1140,
        'SQ',
        [
          [
            [0x0008_1150, 'UI', '1.2'],
            [0x0040_a170, 'SQ', [[[0x0008_0100, 'SH', 'code']], []]],
          ],
          [],
        ],
      ],
      [
        0x0088_0200,
        'SQ',
        [
          [
            [0x0028_0010, 'US', 2],
            [0x7fe0_0010, 'OW', [1, 2]],
            [0x7fe0_0011, 'OB', [1, 2]],
          ],
        ],
      ],
    ];
    for (const syntax of [SYNTAX.explicit, SYNTAX.implicit, SYNTAX.bigEndian]) {
      for (const openSequences of [false, true]) {
        const file = makeDicom(slice(kind, 'OW', kind.pixels, nested), { syntax, openSequences });
        expect([...(await read(file)).voxels]).toEqual(kind.pixels);
      }
    }
  });

  it('that are cut short are refused before room is made for them', async () => {
    const kind = KINDS['signed 16 bits'] as Kind;
    expect(await code(makeDicom(slice(kind, 'OW', kind.pixels.slice(1))))).toBe('truncated');
    expect(await code(makeDicom(slice(kind, 'OW', kind.pixels)).subarray(0, -2))).toBe('truncated');
    const huge: DicomElement[] = [[0x0028_0008, 'IS', [4000]]];
    expect(await code(makeDicom(slice(kind, 'OW', kind.pixels, huge)))).toBe('truncated');
    expect(await code(makeDicom(slice(kind, 'OW', kind.pixels)), { limits: { maxDecodedBytes: 100 } })).toBe(
      'too-large',
    );
    expect(await code(makeDicom(slice(kind, 'OW', kind.pixels, huge)), { limits: { maxFrames: 10 } })).toBe(
      'too-large',
    );
    const bomb = makeDicom(slice(kind, 'OW', kind.pixels), {
      syntax: SYNTAX.deflated,
      pack: (bytes) => deflateRawSync(Buffer.concat([bytes, Buffer.alloc(50_000_000)])),
    });
    expect(await code(bomb, { limits: { maxDecodedBytes: 1_000_000 } })).toBe('too-large');
  });
});

describe('compressed pixels', () => {
  const encoded = new Map<string, Uint8Array>();
  beforeAll(async () => {
    for (const [name, encode] of Object.entries(ENCODERS)) {
      for (const [kindName, kind] of Object.entries(KINDS))
        encoded.set(`${name} ${kindName}`, await encode(kind));
    }
  });
  const bytesOf = (name: string, kind: string): Uint8Array =>
    encoded.get(`${name} ${kind}`) ?? new Uint8Array(0);

  describe.each(Object.keys(ENCODERS))('in %s', (name) => {
    const syntax = SYNTAX[name as keyof typeof SYNTAX];
    it.each(Object.entries(KINDS))('of %s, in one fragment and in several', async (kindName, kind) => {
      const whole = bytesOf(name, kindName);
      const half = 2 * Math.floor(whole.length / 4);
      const parts = [whole.subarray(0, half), whole.subarray(half)];
      for (const fragments of name === 'rle' ? [[whole]] : [[whole], parts]) {
        for (const table of [[], [0]]) {
          const { voxels } = await read(makeDicom(slice(kind, 'OB', { fragments, table }), { syntax }));
          expect([...voxels]).toEqual(kind.pixels);
        }
      }
    });

    it('of three frames, found by a table, by an extended table, by count or by their start', async () => {
      const kind = KINDS['signed 16 bits'] as Kind;
      const whole = bytesOf(name, 'signed 16 bits');
      const even = whole.length % 2 === 0 ? whole : new Uint8Array([...whole, 0]);
      const half = 2 * Math.floor(even.length / 4);
      const halves = [even.subarray(0, half), even.subarray(half)];
      const step = even.length + 8;
      const frames: DicomElement = [0x0028_0008, 'IS', [3]];
      const parted = [...halves, ...halves, ...halves];
      const variants: (readonly DicomElement[])[] = [
        slice(kind, 'OB', { fragments: [even, even, even] }, [frames]),
        slice(kind, 'OB', { fragments: [even, even, even], table: [0, step, 2 * step] }, [frames]),
        slice(kind, 'OB', { fragments: [even, even, even], table: [0, 7, 9] }, [frames]),
        slice(kind, 'OB', { fragments: [even, even, even] }, [
          frames,
          [0x7fe0_0001, 'OV', [0, step, 2 * step]],
          [0x7fe0_0002, 'OV', [whole.length, whole.length, whole.length]],
        ]),
        ...(name === 'rle'
          ? []
          : [
              slice(kind, 'OB', { fragments: parted, table: [0, step + 8, 2 * step + 16] }, [frames]),
              slice(kind, 'OB', { fragments: parted }, [frames]),
            ]),
      ];
      for (const elements of variants) {
        const volume = await read(makeDicom(elements, { syntax }));
        expect(volume.dims).toEqual([64, 48, 3]);
        expect([...volume.voxels]).toEqual([...kind.pixels, ...kind.pixels, ...kind.pixels]);
      }
    });

    it('that are cut off, of another size or swapped are refused', async () => {
      const kind = KINDS['unsigned 12 bits'] as Kind;
      const whole = bytesOf(name, 'unsigned 12 bits');
      const file = (fragment: Uint8Array, extra: readonly DicomElement[] = []): Uint8Array =>
        makeDicom(slice(kind, 'OB', { fragments: [fragment] }, extra), { syntax });
      expect(['truncated', 'corrupt']).toContain(
        await code(file(whole.subarray(0, 2 * Math.floor(whole.length / 4)))),
      );
      expect(['truncated', 'corrupt']).toContain(await code(file(new Uint8Array(64))));
      expect(['truncated', 'corrupt']).toContain(await code(file(new Uint8Array(0))));
      const wide = makeDicom(
        ctElements([], { rows: 48, columns: 640 }, [
          ...format(kind),
          [0x7fe0_0010, 'OB', { fragments: [whole] }],
        ]),
        { syntax },
      );
      expect(['truncated', 'corrupt']).toContain(await code(wide));
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'lossless JPEG with predictor %i, restarts and a point transform',
    async (predictor) => {
      const kind = KINDS['unsigned 12 bits'] as Kind;
      for (const options of [
        { predictor },
        { predictor, restartRows: 5 },
        { predictor, pointTransform: 2 },
      ]) {
        const fragments = [encodeJpegLossless(frameOf(kind), options)];
        const { voxels } = await read(
          makeDicom(slice(kind, 'OB', { fragments }), { syntax: '1.2.840.10008.1.2.4.57' }),
        );
        const lost = 2 ** ('pointTransform' in options ? 2 : 0);
        expect([...voxels]).toEqual(kind.pixels.map((value) => value - (value % lost)));
      }
    },
  );

  it('JPEG as Pillow decodes it, grey and colour', async () => {
    const golden = (name: string): Uint8Array =>
      new Uint8Array(readFileSync(new URL(`../golden/${name}.jpg`, import.meta.url)));
    const expected = JSON.parse(
      readFileSync(new URL('../golden/jpeg.json', import.meta.url), 'utf8'),
    ) as Record<string, { grey: number[] }>;
    for (const name of ['grey', 'colour']) {
      const colour: DicomElement[] =
        name === 'grey'
          ? []
          : [
              [0x0028_0002, 'US', 3],
              [0x0028_0004, 'CS', 'YBR_FULL_422'],
              [0x0028_0006, 'US', 0],
            ];
      const file = makeDicom(
        ctElements([], { rows: 21, columns: 34 }, [
          ...format(KINDS['unsigned 8 bits'] as Kind),
          ...colour,
          [0x7fe0_0010, 'OB', { fragments: [golden(name)] }],
        ]),
        { syntax: SYNTAX.jpeg },
      );
      expect([...(await read(file)).voxels]).toEqual(expected[name]?.grey);
    }
  });

  it('JPEG of 12 bits, MPEG and private syntaxes are refused by name', async () => {
    const kind = KINDS['unsigned 12 bits'] as Kind;
    const lossy = encodeJpegLossless(frameOf(kind));
    lossy[lossy.indexOf(0xc3)] = 0xc1;
    const twelve = makeDicom(slice(kind, 'OB', { fragments: [lossy] }), { syntax: SYNTAX.jpegExtended });
    expect(await code(twelve)).toBe('unsupported');
    const fragments = [new Uint8Array(8)];
    for (const [uid, expected] of [
      ['1.2.840.10008.1.2.4.102', 'unsupported'],
      ['1.2.840.10008.1.2.4.92', 'unsupported'],
      ['1.2.840.10008.1.2.4.110', 'unsupported'],
      ['1.2.840.113619.5.2', 'corrupt'],
    ]) {
      expect(await code(makeDicom(slice(kind, 'OB', { fragments }), { syntax: uid ?? '' })), uid).toBe(
        expected,
      );
    }
  });
});
