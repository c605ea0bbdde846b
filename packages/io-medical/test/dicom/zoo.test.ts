import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameDecoder } from '../../src/dicom/frame-decoder.js';
import { readImageHeader } from '../../src/dicom/image-header.js';
import { parseDicom } from '../../src/dicom/parse-dicom.js';
import { resolveLimits } from '../../src/limits.js';
import { readImage } from '../../src/read-image.js';
import { readSeries } from '../../src/dicom/read-series.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';

interface ZooImage {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly modality: string | null;
  readonly pixelSpacing: readonly number[] | null;
  readonly imagePositionPatient: readonly number[] | null;
  readonly rescaleSlope: number | null;
  readonly functionalGroups?: {
    readonly pixelSpacing: { readonly shared: readonly number[] | null };
    readonly imagePositionPatient: { readonly perFrame: readonly (readonly number[])[] | null };
  };
  readonly pixels: {
    readonly kind?: 'float';
    readonly shape: readonly number[];
    readonly decodedDtype?: string;
    readonly lossy?: boolean;
    readonly mean: number;
    readonly min: number;
    readonly max: number;
    readonly sha256_stored_i32le?: string;
    readonly sha256_f32le?: string;
  };
  readonly rescaled?: { readonly sha256_f32le: string; readonly mean: number };
}

interface ZooSeries {
  readonly regular: boolean;
  readonly sheared: boolean;
  readonly affineRAS?: readonly (readonly number[])[];
  readonly spacing?: readonly number[];
  readonly volume?: {
    readonly shape_kji: readonly number[];
    readonly sha256_f32le_kji: string;
    readonly sha256_i16le_kji: string;
  };
}

const limits = resolveLimits();

/** Files whose values differ from the oracle's, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'JLSL_16_15_1_1F.dcm':
    'the oracle leaves the sign bit (bit 14 of 15) of a signed image as a value; with its sign the image is smooth',
  'examples_ybr_color.dcm': 'lossy colour: the oracle gives YBR as stored, the decoder has made RGB of it',
};

function oracle(folder: string): Readonly<Record<string, unknown>> {
  return hasSharedData
    ? (JSON.parse(readFileSync(sharedPath(`zoo/${folder}/oracle.json`), 'utf8')) as Record<string, unknown>)
    : {};
}

function images(...folders: string[]): [string, ZooImage][] {
  const found = folders.flatMap((folder) =>
    Object.entries(oracle(folder))
      .filter(([name]) => name !== '__series__')
      .map(([name, image]): [string, ZooImage] => [`zoo/${folder}/${name}`, image as ZooImage]),
  );
  return found.length > 0 ? found : [['none', {} as ZooImage]];
}

function sha256(array: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex');
}

/** Every stored value of a file, colours and single bits included, as the oracle hashes them. */
async function storedValues(path: string): Promise<{ i32: Int32Array; type: string }> {
  const file = await parseDicom(path, new Uint8Array(readFileSync(path)), limits);
  const { format } = readImageHeader(file, limits);
  const decode = frameDecoder(file, format, { limits });
  const i32 = new Int32Array(format.frames * format.rows * format.columns * format.samples);
  let type = '';
  for (let frame = 0; frame < format.frames; frame++) {
    const { values } = await decode(frame);
    i32.set(values, frame * values.length);
    type = values.constructor.name;
  }
  return { i32, type };
}

/** Mean of all samples of an RGB image turned back into YBR_FULL (PS3.3, C.7.6.3.1.2). */
function meanOfYbr(rgb: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(i, i + 3);
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    sum += y + 256 + 0.564 * (b - y) + 0.713 * (r - y);
  }
  return sum / rgb.length;
}

const IMAGE_FOLDERS = [
  'dicom/ts-ct',
  'dicom/ts-mr',
  'dicom/misc',
  'dicom/multiframe',
  'dicom/seg',
  'dicom/series/ct-3slice',
  'dicom/series/ge-tilt-a',
  'dicom/series/lungmask',
  'dicom/series/oblique-mr',
  'dicom/series/tiny-ct2-gap',
  'generated/dicom',
];

const TYPES: Readonly<Record<string, string>> = {
  uint8: 'Uint8Array',
  uint16: 'Uint16Array',
  int16: 'Int16Array',
  '>i2': 'Int16Array',
  uint32: 'Uint32Array',
};

describe.skipIf(!hasSharedData)(onSharedData('DICOM files of other programs'), () => {
  it.each(images(...IMAGE_FOLDERS))('%s has the stored values of pydicom', async (path, expected) => {
    const { pixels } = expected;
    const name = path.split('/').at(-1) ?? '';
    if (pixels.kind === 'float') {
      const { voxels } = await readImage(sharedPath(path));
      expect(voxels).toBeInstanceOf(Float32Array);
      expect(sha256(voxels)).toBe(pixels.sha256_f32le);
      return;
    }
    const { i32, type } = await storedValues(sharedPath(path));
    expect(type).toBe(TYPES[pixels.decodedDtype ?? '']);
    expect(i32.length).toBe(pixels.shape.reduce((product, side) => product * side, 1));
    if (name === 'JLSL_16_15_1_1F.dcm') {
      expect(sha256(i32.map((value) => value & 0x7fff)), EXCEPTIONS[name]).toBe(pixels.sha256_stored_i32le);
      expect(Math.min(...i32)).toBe(-16_384);
    } else if (name === 'examples_ybr_color.dcm') {
      expect(Math.abs(meanOfYbr(i32) - pixels.mean), EXCEPTIONS[name]).toBeLessThan(0.1);
    } else if (pixels.lossy === true) {
      const mean = i32.reduce((sum, value) => sum + value, 0) / i32.length;
      expect(Math.abs(mean - pixels.mean)).toBeLessThan(0.05);
      expect(Math.abs(i32.reduce((a, b) => Math.min(a, b)) - pixels.min)).toBeLessThanOrEqual(2);
      expect(Math.abs(i32.reduce((a, b) => Math.max(a, b)) - pixels.max)).toBeLessThanOrEqual(2);
    } else {
      expect(sha256(i32)).toBe(pixels.sha256_stored_i32le);
    }
  });

  const rescaled = images(...IMAGE_FOLDERS).filter(
    ([, image]) => image.rescaled !== undefined || !hasSharedData,
  );
  it.each(rescaled)('%s becomes a volume of the rescaled values', async (path, expected) => {
    const volume = await readImage(sharedPath(path));
    const frames = expected.pixels.shape.length === 3 ? (expected.pixels.shape[0] ?? 1) : 1;
    expect(volume.dims).toEqual([expected.columns, expected.rows, frames]);
    if (expected.pixels.lossy === true) {
      const mean =
        Float64Array.from(volume.voxels).reduce((sum, value) => sum + value, 0) / volume.voxels.length;
      expect(Math.abs(mean - (expected.rescaled?.mean ?? NaN))).toBeLessThan(2);
    } else {
      expect(sha256(Float32Array.from(volume.voxels))).toBe(expected.rescaled?.sha256_f32le);
    }
    // Slices of this series have lost their modality; their class is CT Image Storage.
    const isCt = expected.modality === 'CT' || path.includes('series/lungmask/');
    expect(volume.unit).toBe(isCt ? 'HU' : 'grey');
    expect(volume.calibrated).toBe(expected.pixelSpacing !== null);
    const [betweenRows = NaN, betweenColumns = NaN] = expected.pixelSpacing ?? [];
    const [a = 0, b = 0, , x = 0, e = 0, f = 0, , y = 0, i = 0, j = 0] = volume.affine;
    if (volume.calibrated) {
      expect(Math.hypot(a, e, i)).toBeCloseTo(betweenColumns, 5);
      expect(Math.hypot(b, f, j)).toBeCloseTo(betweenRows, 5);
    } else {
      expect(volume.assumed.join()).toContain('pixels');
    }
    if (expected.imagePositionPatient !== null) {
      expect(x).toBeCloseTo(-(expected.imagePositionPatient[0] ?? NaN), 6);
      expect(y).toBeCloseTo(-(expected.imagePositionPatient[1] ?? NaN), 6);
    } else {
      expect(volume.assumed.join()).toContain('position');
    }
  });

  it('series have the affine and the voxels that pydicom gives, or are refused', async () => {
    for (const folder of IMAGE_FOLDERS.filter((name) => name.startsWith('dicom/series/'))) {
      const expected = oracle(folder)['__series__'] as ZooSeries;
      const path = sharedPath(`zoo/${folder}`);
      if (!expected.regular) {
        await expect(readSeries(path), folder).rejects.toMatchObject({ code: 'uneven-slices' });
      }
      const volume = await readSeries(path, { allowUneven: true });
      if (expected.volume === undefined) continue;
      const [nz, ny, nx] = expected.volume.shape_kji;
      expect(volume.dims, folder).toEqual([nx, ny, nz]);
      expect(sha256(Float32Array.from(volume.voxels)), folder).toBe(expected.volume.sha256_f32le_kji);
      expected.affineRAS?.flat().forEach((value, i) => {
        expect(Math.abs((volume.affine[i] ?? NaN) - value), `${folder} ${i}`).toBeLessThan(1e-9);
      });
      expect(volume.slicePositions !== undefined, folder).toBe(!expected.regular);
      expect(
        volume.warnings.some((warning) => warning.includes('tilt')),
        folder,
      ).toBe(expected.sheared);
    }
  });

  it('that are damaged or no images are refused by name', async () => {
    const codes: Readonly<Record<string, string>> = {
      'ExplVR_LitEndNoMeta.dcm': 'no-image',
      'MR_truncated.dcm': 'truncated',
      'empty_charset_LEI.dcm': 'no-image',
      'meta_missing_tsyntax.dcm': 'corrupt',
      'no-pixel-data.dcm': 'no-image',
      'no_meta.dcm': 'unknown-format',
      'rtplan_truncated.dcm': 'truncated',
      'ct_half_pixels.dcm': 'truncated',
      'preamble_only.dcm': 'no-image',
      'rle_truncated.dcm': 'truncated',
      'zero.dcm': 'empty-file',
    };
    const names = ['dicom/bad', 'generated/dicom-bad'].flatMap((folder) =>
      Object.keys(oracle(folder)).map((name) => [folder, name] as const),
    );
    expect(names).toHaveLength(Object.keys(codes).length);
    for (const [folder, name] of names) {
      const error = await readImage(sharedPath(`zoo/${folder}/${name}`)).catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject({ name: 'ImageFormatError', code: codes[name] });
      expect((error as Error).message).toContain(name);
    }
  });
});
