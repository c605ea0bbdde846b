import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, type OpenPage, openPage } from '../../../../scripts/chromium.mjs';
import { readImage } from '../../src/read-image.js';
import { makeNifti, voxelBytes } from '../nifti/nifti-files.js';
import { makePng } from '../png/png-files.js';
import { hasSharedData, onSharedData, sharedPath } from '../shared-data.js';
import { temporaryFolder } from '../temporary-folder.js';
import { littleEndianHash, zooOracle } from '../zoo.js';
import { madeDicom } from './made-dicom.js';
import type { PageResult } from './page.js';

const why = noChromium();
const inChromium = (name: string): string => (why === '' ? name : `${name} [skipped: ${why}]`);
const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
const { resolve } = createRequire(import.meta.url);
const DECODER_FOLDERS = [
  '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
  '@cornerstonejs/codec-charls/decodewasmjs',
  '@cornerstonejs/codec-openjpeg/decodewasmjs',
  '@cornerstonejs/codec-openjph/wasmjs',
].map((module) => dirname(resolve(module)));

const folder = temporaryFolder();
const HU = Array.from({ length: 240 }, (_, i) => ((i * 37) % 1400) - 1000);
const raw = voxelBytes(HU, 'Int16');
const spec = {
  dim: [3, 8, 6, 5, 1, 1, 1, 1],
  sformCode: 1,
  sform: [-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, 30],
  voxels: raw,
};

const dicom = await madeDicom();

function selfMade(): string[] {
  mkdirSync(folder, { recursive: true });
  const nrrd = (encoding: string, more = ''): string =>
    `NRRD0004\ntype: short\ndimension: 3\nspace: RAS\nsizes: 8 6 5\nspace directions: (2,0,0) (0,2,0) (0,1,5)\n` +
    `space origin: (1,2,3)\nendian: little\nencoding: ${encoding}\n${more}\n`;
  const mha = (more: string, data: string): string =>
    `ObjectType = Image\nNDims = 3\nBinaryData = True\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 1 2 3\n` +
    `ElementSpacing = 2 2 5\nDimSize = 8 6 5\nElementType = MET_SHORT\n${more}ElementDataFile = ${data}\n`;
  const files: Record<string, Uint8Array | string> = {
    'ct.nii': makeNifti(spec),
    'ct.nii.gz': gzipSync(makeNifti(spec)),
    'two.nii.gz': gzipSync(
      makeNifti({ ...spec, version: 2, littleEndian: false, voxels: voxelBytes(HU, 'Int16', false) }),
    ),
    'pair.hdr': makeNifti({ ...spec, magic: 'ni1\0', voxOffset: 0 }).subarray(0, 348),
    'pair.img': raw,
    'gz.nrrd': Buffer.concat([Buffer.from(nrrd('gzip')), gzipSync(raw)]),
    'ascii.nrrd': `${nrrd('ascii')}${HU.join(' ')}`,
    'beside.nhdr': nrrd('raw', 'data file: beside.raw\n'),
    'beside.raw': raw,
    'zlib.mha': Buffer.concat([Buffer.from(mha('CompressedData = True\n', 'LOCAL')), deflateSync(raw)]),
    'beside.mhd': mha('', 'beside.raw'),
    'grey.png': makePng({
      width: 24,
      height: 10,
      depth: 8,
      colourType: 0,
      samples: HU.map((value) => value & 255),
    }),
    'deep.png': makePng({
      width: 24,
      height: 10,
      depth: 16,
      colourType: 0,
      samples: HU.map((value) => value + 1000),
    }),
    'bits.png': makePng({
      width: 24,
      height: 10,
      depth: 1,
      colourType: 0,
      samples: HU.map((value) => value & 1),
    }),
    'cut.nii.gz': gzipSync(makeNifti(spec)).subarray(0, 200),
    'evil.mhd': mha('', '../../secret.raw'),
    'notes.txt': 'these are my notes',
    ...dicom,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return Object.keys(files).filter((name) => !/\.(img|raw)$/.test(name));
}

/** What Node reads. */
async function inNode(path: string, frame?: number): Promise<PageResult> {
  try {
    const { voxels, dims, affine } = await readImage(path, frame === undefined ? {} : { frame });
    return { type: voxels.constructor.name, dims, affine, hash: littleEndianHash([voxels]) };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error) };
  }
}

describe.skipIf(why !== '')(inChromium('in Chromium'), () => {
  let opened: OpenPage | undefined;
  const roots = new Map([
    ['made', [folder]],
    ['golden', [golden('')]],
    ['wasm', DECODER_FOLDERS],
    ['zoo', [sharedPath('zoo')]],
  ]);

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      // The JPEG decoder's loader names these for Node. Anything else of Node's would fail here: it is never imported.
      external: ['fs', 'path'],
      outdir: '/',
      write: false,
      logLevel: 'error',
    });
    opened = await openPage({
      async serve(path) {
        if (path === '/')
          return { body: '<!doctype html><script type="module" src="/page.js"></script>', type: 'text/html' };
        if (path === '/page.js') return { body: outputFiles[0]?.text ?? '', type: 'text/javascript' };
        const [, root = '', name = ''] = /^\/(\w+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
        const type = name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
        const file = (roots.get(root) ?? [])
          .map((place) => join(place, name))
          .find((candidate) => existsSync(candidate));
        const body = file === undefined ? undefined : await readFile(file);
        return body === undefined ? undefined : { body, type };
      },
    });
    await opened.page.waitForFunction('globalThis.readFile !== undefined');
  });

  afterAll(async () => {
    await opened?.close();
  });

  const inPage = async (url: string, frame?: number): Promise<PageResult> =>
    (await opened?.page.evaluate(`readFile(${JSON.stringify(url)}, ${frame})`)) as PageResult;

  it.each(selfMade())('%s reads as in Node', async (name) => {
    const expected = await inNode(join(folder, name));
    expect(Object.keys(expected).length).toBeGreaterThan(0);
    expect(expected.code === undefined).toBe(!/^(cut|evil|notes)/.test(name));
    expect(await inPage(`/made/${name}`)).toEqual(expected);
  });

  it.each([
    'colour.jpg',
    'grey.jpg',
    'progressive.jpg',
    'cmyk.jpg',
    'tiff/u8-lzw.tif',
    'tiff/f32-tiled-deflate.tif',
  ])('%s reads as in Node', async (name) => {
    expect(await inPage(`/golden/${name}`)).toEqual(await inNode(golden(name)));
  });

  it.skipIf(!hasSharedData)(onSharedData('files of other programs read as in Node'), async () => {
    let read = 0;
    for (const zoo of ['nifti', 'generated/nifti', 'generated/nifti-bad', 'nrrd', 'mha', 'generated/mha']) {
      for (const [name] of zooOracle(zoo)) {
        const expected = await inNode(sharedPath(`zoo/${zoo}/${name}`), 0);
        expect(await inPage(`/zoo/${zoo}/${name}`, 0), name).toEqual(expected);
        read++;
      }
    }
    expect(read).toBe(44);
  });

  it.skipIf(!hasSharedData)(onSharedData('DICOM of other programs reads as in Node'), async () => {
    const folders = ['ts-ct', 'ts-mr', 'misc', 'multiframe', 'seg', 'bad'].map((name) => `dicom/${name}`);
    const outcomes = { read: 0, refused: 0 };
    for (const zoo of [...folders, 'generated/dicom', 'generated/dicom-bad']) {
      for (const [name] of zooOracle(zoo)) {
        const expected = await inNode(sharedPath(`zoo/${zoo}/${name}`));
        expect(await inPage(`/zoo/${zoo}/${name}`), name).toEqual(expected);
        outcomes[expected.code === undefined ? 'read' : 'refused']++;
      }
    }
    expect(outcomes).toEqual({ read: 42, refused: 11 });
  });
});
