import { readFileSync } from 'node:fs';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../src/phantom/random.js';
import { readImage } from '../src/read-image.js';
import { makeNifti, voxelBytes } from './nifti/nifti-files.js';
import { makePng } from './png/png-files.js';
import { greyFields, makeTiff } from './tiff/tiff-files.js';
import { counting } from './volumes.js';

const MUTANTS = 40;
const IDLE = 128;
/** A stretch that says nothing about pixels; whatever stands there, they must come out right. */
const idle = 'z'.repeat(IDLE);
const voxels = [...counting(1024)];
const raw = voxelBytes(voxels, 'Int16');
const grid = { dim: [3, 16, 16, 4, 1, 1, 1, 1], sformCode: 1, sform: [-1, 0, 0, 5, 0, -1, 0, 5, 0, 0, 1, 5] };
const grey = Array.from({ length: 1200 }, (_, i) => (i * 37) % 256);

interface Family {
  readonly file: Uint8Array;
  readonly pixels: readonly number[];
  /** Bytes that end the stretch where they stand, as line ends do in headers of text. */
  readonly ends?: readonly number[];
  /** Makes the file whole again where it checks itself, or packs it. */
  readonly seal?: (file: Uint8Array) => Uint8Array;
}

const LINE_ENDS = [10, 13];
const FAMILIES: Readonly<Record<string, Family>> = {
  NIfTI: { file: nifti(1), pixels: voxels },
  'NIfTI in gzip': { file: nifti(1), pixels: voxels, seal: (file) => gzipSync(file) },
  'NIfTI-2': { file: nifti(2), pixels: voxels },
  NRRD: {
    file: Buffer.concat([
      Buffer.from(
        'NRRD0004\ntype: short\ndimension: 3\nspace: RAS\nsizes: 16 16 4\nspace directions: (1,0,0) (0,1,0) (0,0,5)\n' +
          `space origin: (1,2,3)\n# ${idle}\nendian: little\nencoding: gzip\n\n`,
      ),
      gzipSync(raw),
    ]),
    pixels: voxels,
    ends: LINE_ENDS,
  },
  MetaImage: {
    file: Buffer.concat([
      Buffer.from(
        `ObjectType = Image\nNDims = 3\nComment = ${idle}\nBinaryData = True\nBinaryDataByteOrderMSB = False\n` +
          'CompressedData = True\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 1 2 3\nElementSpacing = 1 1 5\n' +
          'DimSize = 16 16 4\nElementType = MET_SHORT\nElementDataFile = LOCAL\n',
      ),
      deflateSync(raw),
    ]),
    pixels: voxels,
    ends: LINE_ENDS,
  },
  TIFF: {
    // A private field of shorts that are two letters each.
    file: makeTiff([
      {
        fields: greyFields(40, 30, { 40_000: Array.from({ length: IDLE / 2 }, () => 0x7a7a) }),
        data: Uint8Array.from(grey),
      },
    ]),
    pixels: grey,
  },
  PNG: { file: png(), pixels: grey, seal: sealText },
  'PNG whose text no longer checks out': { file: png(), pixels: grey },
  JPEG: {
    file: withComment(new Uint8Array(readFileSync(new URL('golden/grey.jpg', import.meta.url)))),
    pixels: (
      JSON.parse(readFileSync(new URL('golden/jpeg.json', import.meta.url), 'utf8')) as {
        grey: { grey: number[] };
      }
    ).grey.grey,
  },
};

/** Between header and voxels, where extensions may lie. */
function nifti(version: 1 | 2): Uint8Array {
  const voxOffset = (version === 1 ? 352 : 544) + IDLE;
  return makeNifti({ ...grid, version, voxOffset, voxels: Buffer.concat([Buffer.from(idle), raw]) });
}

function png(): Uint8Array {
  const text = new TextEncoder().encode(`Comment\0${idle}`);
  return makePng({ width: 40, height: 30, depth: 8, colourType: 0, samples: grey, extra: [['tEXt', text]] });
}

/** Writes the checksum of the text chunk anew. */
function sealText(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const start = bytes.indexOf('tEXt');
  const end = start + 4 + bytes.readUInt32BE(start - 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(start, end)), end);
  return bytes;
}

/** A comment behind the start of a JPEG. */
function withComment(jpeg: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0xff, 0xfe, 0, IDLE + 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(idle), jpeg.subarray(2)]);
}

function damage({ file, ends = [] }: Family, random: Random): Uint8Array {
  const mutant = Uint8Array.from(file); // a slice of a Buffer would share its memory
  const start = Buffer.from(file).indexOf(idle);
  expect(start).toBeGreaterThan(0);
  for (let n = random.integer(1, 16); n > 0; n--) {
    const byte = random.integer(0, 255);
    mutant[start + random.integer(0, IDLE - 1)] = ends.includes(byte) ? 0 : byte;
  }
  return mutant;
}

describe('damage outside the pixels', () => {
  it.each(Object.entries(FAMILIES))('of a file leaves them right: %s', async (_, family) => {
    const random = createRandom(7);
    const { pixels, seal = (file) => file } = family;
    for (let i = 0; i < MUTANTS; i++) {
      const { voxels: read } = await readImage(seal(damage(family, random)));
      expect([...read], `mutant ${i}`).toEqual(pixels);
    }
  });
});
