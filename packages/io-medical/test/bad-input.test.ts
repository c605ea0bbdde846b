import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readGreyImage, readImage } from '../src/read-image.js';
import { makePng } from './png/png-files.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function failure(input: string | Uint8Array): Promise<unknown> {
  return readImage(input).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('files that are no images', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    ['notes.png', 'these are my notes\n', 'a text file'],
    ['picture.png', 'GIF89a\u0001\0', 'a GIF file'],
    ['noise.jpg', '\u0001\u0002\u0003\u0004\u0005', 'something else'],
  ])('%s is refused by name, with what it is', async (name, content, what) => {
    const path = write(name, content);
    const error = await failure(path);
    expect(error).toMatchObject({ name: 'ImageFormatError', code: 'unknown-format' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toContain(what);
    expect((error as { hint: string }).hint).toContain('NIfTI');
  });

  it('goes by the content, not by the name', async () => {
    const png = makePng({ width: 1, height: 1, depth: 8, colourType: 0, samples: [7] });
    expect((await readImage(write('really-a-png.jpg', png))).format).toBe('png');
    await expect(readImage(png, { format: 'jpeg' })).rejects.toMatchObject({ code: 'unknown-format' });
  });

  it('names missing files, folders and empty files', async () => {
    expect(await failure(join(folder, 'missing.png'))).toMatchObject({
      code: 'not-readable',
      message: expect.stringContaining('missing.png: cannot be read (ENOENT)') as string,
    });
    mkdirSync(join(folder, 'sub'), { recursive: true });
    expect(await failure(join(folder, 'sub'))).toMatchObject({ code: 'no-image' });
    expect(await failure(write('empty.png', ''))).toMatchObject({ code: 'empty-file' });
  });

  it('asks for slices where volumes do not fit', async () => {
    const nifti = new Uint8Array(352);
    new DataView(nifti.buffer).setInt32(0, 348, true);
    await expect(readGreyImage(nifti)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('says so where there is no file system, and reads bytes all the same', async () => {
    vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }));
    expect(await failure('scan.png')).toMatchObject({ code: 'no-file-access' });
    const png = makePng({ width: 1, height: 1, depth: 8, colourType: 0, samples: [7] });
    expect((await readImage(png)).voxels).toEqual(Uint8Array.of(7));
  });
});
