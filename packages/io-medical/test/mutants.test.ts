import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImageFormatError } from '../src/errors.js';
import { createRandom, type Random } from '../src/phantom/random.js';
import { readImage } from '../src/read-image.js';
import { makeNifti, voxelBytes } from './nifti/nifti-files.js';
import { makePng } from './png/png-files.js';
import { counting } from './volumes.js';

const MUTANTS = 200;
/** Nothing a mutant says may make the reader reserve more than this. */
const RESERVED_LIMIT = 96 * 2 ** 20;
const TIME_LIMIT_MS = 5000;

const seeds: Record<string, Uint8Array> = {
  NIfTI: makeNifti({
    dim: [3, 16, 16, 4, 1, 1, 1, 1],
    voxels: voxelBytes([...counting(1024)], 'Int16'),
    sformCode: 1,
    sform: [-1, 0, 0, 5, 0, -1, 0, 5, 0, 0, 1, 5],
  }),
  'NIfTI-2': makeNifti({
    version: 2,
    dim: [3, 16, 16, 4, 1, 1, 1, 1],
    voxels: voxelBytes([...counting(1024)], 'Int16'),
    sformCode: 1,
    sform: [-1, 0, 0, 5, 0, -1, 0, 5, 0, 0, 1, 5],
  }),
  'TIFF in LZW': new Uint8Array(readFileSync(new URL('golden/tiff/u8-lzw.tif', import.meta.url))),
  PNG: makePng({
    width: 40,
    height: 30,
    depth: 8,
    colourType: 0,
    samples: Array.from({ length: 1200 }, (_, i) => (i * 37) % 256),
  }),
  NRRD: Buffer.concat([
    Buffer.from(
      'NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 16 16 4\n' +
        'space directions: (1,0,0) (0,1,0) (0,0,5)\nspace origin: (1,2,3)\nkinds: domain domain domain\n' +
        'endian: little\nencoding: gzip\n\n',
    ),
    gzipSync(voxelBytes([...counting(1024)], 'Int16')),
  ]),
  MetaImage: Buffer.concat([
    Buffer.from(
      'ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = True\n' +
        'TransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 1 2 3\nElementSpacing = 1 1 5\nDimSize = 16 16 4\n' +
        'ElementType = MET_SHORT\nElementDataFile = LOCAL\n',
    ),
    deflateSync(voxelBytes([...counting(1024)], 'Int16')),
  ]),
  TIFF: new Uint8Array(readFileSync(new URL('golden/tiff/i16-deflate-predictor-pages.tif', import.meta.url))),
  JPEG: new Uint8Array(readFileSync(new URL('golden/colour.jpg', import.meta.url))),
};

/** One of the things that happen to files: cut off, overwritten, bytes put in or lost, fields made absurd. */
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
      for (let n = random.integer(1, 4); n > 0; n--) flipBit(bytes, at(Math.min(400, bytes.length)), at(8));
      return bytes;
    case 3: {
      const start = at();
      const extra = Uint8Array.from({ length: random.integer(1, 16) }, () => random.integer(0, 255));
      return Buffer.concat([bytes.subarray(0, start), extra, bytes.subarray(start + random.integer(0, 8))]);
    }
    default: {
      const start = at(Math.min(400, bytes.length - 4));
      const extreme = [0xff, 0x7f, 0x80, 0x00][random.integer(0, 3)] ?? 0;
      return bytes.fill(extreme, start, start + random.integer(2, 4));
    }
  }
}

function flipBit(bytes: Uint8Array, index: number, bit: number): void {
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
}

describe('damaged files', () => {
  it.each(['NIfTI', 'NIfTI in gzip', 'NIfTI-2', 'NRRD', 'MetaImage', 'TIFF', 'TIFF in LZW', 'PNG', 'JPEG'])(
    `${MUTANTS} mutants of a %s file end in an image or a typed error, soon and in little memory`,
    async (name) => {
      const random = createRandom(20_200_514);
      const original = seeds[name] ?? seeds[name.split(' ')[0] ?? ''] ?? new Uint8Array(0);
      let refused = 0;
      for (let i = 0; i < MUTANTS; i++) {
        const mutant = mutate(random, original);
        const bytes = name.endsWith('gzip') ? gzipSync(mutant) : mutant;
        const before = process.memoryUsage().arrayBuffers;
        const start = performance.now();
        const outcome = await readImage(bytes).catch((error: unknown) => error);
        expect(performance.now() - start, `mutant ${i}`).toBeLessThan(TIME_LIMIT_MS);
        expect(process.memoryUsage().arrayBuffers - before, `mutant ${i}`).toBeLessThan(RESERVED_LIMIT);
        if (outcome instanceof ImageFormatError) {
          expect(outcome.message.length * outcome.hint.length, `mutant ${i}`).toBeGreaterThan(0);
          refused++;
        } else {
          expect(outcome, `mutant ${i}`).toHaveProperty('voxels');
        }
      }
      expect(refused).toBeGreaterThan(MUTANTS / 4);
    },
  );
});
