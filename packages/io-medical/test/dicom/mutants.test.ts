import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageFormatError } from '../../src/errors.js';
import { createRandom, type Random } from '../../src/phantom/random.js';
import { readImage } from '../../src/read-image.js';
import { ctElements } from './ct-series.js';
import { concat, type DicomElement, makeDicom, SYNTAX } from './dicom-files.js';
import { encodeJpegLossless, encodeRle, encodeWithWasm } from './encoders.js';

const MUTANTS = 200;
const RESERVED_LIMIT = 96 * 2 ** 20;
const TIME_LIMIT_MS = 5000;
const SIZE = { rows: 32, columns: 32 };
const pixels = Array.from({ length: 1024 }, (_, i) => 200 + Math.round(150 * Math.sin(i / 9)) + (i % 7));
const frame = { width: 32, height: 32, components: 1, bits: 12, values: pixels } as const;

/** Elements that say nothing about pixels, so that damage to their values must leave the pixels right. */
const idle: readonly DicomElement[] = [
  [0x0008_1030, 'LO', 'x'.repeat(64)],
  [0x0018_1030, 'LO', 'y'.repeat(64)],
  [0x0020_4000, 'LT', 'z'.repeat(512)],
];

const bits: readonly DicomElement[] = [
  [0x0028_0101, 'US', 12],
  [0x0028_0102, 'US', 11],
  [0x0028_0103, 'US', 0],
];

function slice(pixelData: DicomElement): readonly DicomElement[] {
  return ctElements([], SIZE, [...idle, ...bits, pixelData]);
}

const native = slice([0x7fe0_0010, 'OW', pixels]);
const compressed = (fragment: Uint8Array, syntax: string): Uint8Array =>
  makeDicom(slice([0x7fe0_0010, 'OB', { fragments: [fragment] }]), { syntax });

const FAMILIES: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  'explicit little endian': () => makeDicom(native),
  'implicit little endian': () => makeDicom(native, { syntax: SYNTAX.implicit }),
  'big endian': () => makeDicom(native, { syntax: SYNTAX.bigEndian }),
  deflated: () => makeDicom(native, { syntax: SYNTAX.deflated, pack: (dataset) => deflateRawSync(dataset) }),
  RLE: () => compressed(encodeRle(frame), SYNTAX.rle),
  'lossless JPEG': () => compressed(encodeJpegLossless(frame), SYNTAX.jpegLossless),
  'JPEG-LS': async () => compressed(await encodeWithWasm('jpeg-ls', frame), SYNTAX.jpegLs),
  'JPEG 2000': async () => compressed(await encodeWithWasm('jpeg-2000', frame), SYNTAX.jpeg2000),
  HTJ2K: async () => compressed(await encodeWithWasm('htj2k', frame), SYNTAX.htj2k),
};

/** Cut off, overwritten, bits flipped, bytes put in or lost, fields made absurd. */
function mutate(random: Random, original: Uint8Array): Uint8Array {
  const bytes = original.slice();
  const at = (limit = bytes.length): number => random.integer(0, limit - 1);
  switch (random.integer(0, 4)) {
    case 0:
      return bytes.slice(0, at());
    case 1:
      for (let n = random.integer(1, 8); n > 0; n--) bytes[at()] = random.integer(0, 255);
      return bytes;
    case 2:
      for (let n = random.integer(1, 4); n > 0; n--) {
        const index = at();
        bytes[index] = (bytes[index] ?? 0) ^ (1 << at(8));
      }
      return bytes;
    case 3: {
      const start = at();
      const extra = Uint8Array.from({ length: random.integer(1, 16) }, () => random.integer(0, 255));
      return concat([bytes.subarray(0, start), extra, bytes.subarray(start + random.integer(0, 8))]);
    }
    default: {
      const start = at(bytes.length - 4);
      return bytes.fill(
        [0xff, 0x7f, 0x80, 0x00][random.integer(0, 3)] ?? 0,
        start,
        start + random.integer(2, 4),
      );
    }
  }
}

describe('damaged DICOM files', () => {
  const files = new Map<string, Uint8Array>();
  beforeAll(async () => {
    for (const [name, make] of Object.entries(FAMILIES)) files.set(name, await make());
  });

  it.each(Object.keys(FAMILIES))(
    `${MUTANTS} mutants of %s end in an image or a typed error, soon and in little memory`,
    async (name) => {
      const random = createRandom(20_200_514);
      const original = files.get(name) ?? new Uint8Array(0);
      let refused = 0;
      for (let i = 0; i < MUTANTS; i++) {
        const mutant = mutate(random, original);
        const before = process.memoryUsage().arrayBuffers;
        const start = performance.now();
        const outcome = await readImage(mutant).catch((error: unknown) => error);
        expect(performance.now() - start, `mutant ${i}`).toBeLessThan(TIME_LIMIT_MS);
        expect(process.memoryUsage().arrayBuffers - before, `mutant ${i}`).toBeLessThan(RESERVED_LIMIT);
        if (outcome instanceof ImageFormatError) refused++;
        else expect(outcome, `mutant ${i}`).toHaveProperty('voxels');
      }
      expect(refused).toBeGreaterThan(MUTANTS / 10);
    },
  );

  it.each(Object.keys(FAMILIES).filter((name) => name !== 'deflated'))(
    'damage outside the pixels of %s leaves them right',
    async (name) => {
      const random = createRandom(7);
      const original = files.get(name) ?? new Uint8Array(0);
      const start = Buffer.from(original).indexOf('z'.repeat(512));
      expect(start).toBeGreaterThan(0);
      for (let i = 0; i < 20; i++) {
        const mutant = original.slice();
        for (let n = 0; n < 8; n++) mutant[start + random.integer(0, 511)] = random.integer(0, 255);
        const { voxels } = await readImage(mutant);
        expect([...voxels]).toEqual(pixels.map((value) => value - 1024));
      }
    },
  );
});
