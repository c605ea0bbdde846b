import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listFolder, readFolderDataset, type GreyImage, type SliceIO } from '../../src/index.js';

/** A picture format for tests: `WIDTH HEIGHT VALUE...`, the last value repeated to the end. */
const io: Required<SliceIO> = {
  readGrey(path) {
    const [width, height, ...values] = readFileSync(path, 'utf8').split(' ').map(Number);
    if (!width || !height) return Promise.reject(new Error('not a picture'));
    const data = Uint8Array.from({ length: width * height }, (_, i) => values[i] ?? values.at(-1) ?? 0);
    return Promise.resolve({ width, height, data });
  },
  resize: (image: GreyImage, width: number, height: number) => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => image.data[i % image.data.length] as number),
  }),
  edge: (mask) => ({ ...mask, data: mask.data.map((value) => 255 - value) }),
};

let folder = '';
const put = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);
const read = (): ReturnType<typeof readFolderDataset> => readFolderDataset(folder, { io, size: 4 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-folder-'));
  await mkdir(join(folder, 'Imgs'));
  await mkdir(join(folder, 'GT'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a folder in the authors’ layout', () => {
  it('is paired by stem whatever the extension, edges used where there are some', async () => {
    await mkdir(join(folder, 'Edge'));
    await put('Imgs/b.jpg', '4 4 9');
    await put('Imgs/a.PNG', '4 4 7');
    await put('GT/a.png', '4 4 255 0');
    await put('GT/b.png', '4 4 255 255 0');
    await put('Edge/b.png', '4 4 77');
    await put('Imgs/notes.txt', 'no picture');
    const { samples, problems } = await read();
    expect(problems).toEqual([]);
    expect(samples.map((sample) => [sample.id, sample.image[0], sample.mask[0], sample.edge[0]])).toEqual([
      ['a', 7, 255, 0],
      ['b', 9, 255, 77],
    ]);
  });

  it('reads how far masks are to be doubted, where that is said, at the size of the mask', async () => {
    await mkdir(join(folder, 'Uncertainty'));
    for (const [name, size] of [
      ['a', '4 4'],
      ['b', '4 4'],
      ['c', '4 5'],
    ] as const) {
      await put(`Imgs/${name}.png`, '4 4 9');
      await put(`GT/${name}.png`, '4 4 255 0');
      if (name !== 'b') await put(`Uncertainty/${name}.png`, `${size} 51 0`);
    }
    const { samples, problems } = await read();
    expect(samples.map(({ id, uncertainty }) => [id, uncertainty?.[0]])).toEqual([
      ['a', 51],
      ['b', undefined],
    ]);
    expect(problems).toMatchObject([{ code: 'size-mismatch' }]);
  });

  it('goes on without files that have no partner or a bad one, and names each', async () => {
    await put('Imgs/good.png', '4 4 9');
    await put('GT/good.png', '4 4 255 0');
    await put('Imgs/lonely.png', '4 4 9');
    await put('GT/orphan.png', '4 4 0');
    await put('Imgs/broken.png', 'no picture');
    await put('GT/broken.png', '4 4 0');
    await put('Imgs/other-size.png', '4 4 9');
    await put('GT/other-size.png', '4 5 0');
    await put('Imgs/grey.png', '4 4 9');
    await put('GT/grey.png', '4 4 128');
    await put('Imgs/ones.png', '4 4 9');
    await put('GT/ones.png', '4 4 1 0');
    await put('Imgs/good.jpg', '4 4 9');
    const { samples, problems } = await read();
    expect(samples.map((sample) => sample.id)).toEqual(['good']);
    const named = problems.map((problem) => [problem.code, problem.subject.slice(folder.length + 1)]);
    expect(new Map(named as [string, string][])).toEqual(
      new Map([
        ['duplicate-stem', 'Imgs/good.png'],
        ['missing-mask', 'Imgs/lonely.png'],
        ['missing-image', 'GT/orphan.png'],
        ['unreadable-file', 'Imgs/broken.png'],
        ['size-mismatch', 'GT/other-size.png'],
        ['mask-values', 'GT/ones.png'],
      ]),
    );
    expect(problems.filter((problem) => problem.code === 'mask-values')).toHaveLength(2);
    for (const problem of problems) {
      expect(problem.message).toContain(problem.subject);
      expect(problem.hint).not.toBe('');
    }
  });

  it('takes grey masks when told that they are soft, and empty ones always', async () => {
    await put('Imgs/a.png', '4 4 9');
    await put('GT/a.png', '4 4 128');
    await put('Imgs/b.png', '4 4 9');
    await put('GT/b.png', '4 4 0');
    const { samples, problems } = await readFolderDataset(folder, { io, size: 4, maskValues: 'soft' });
    expect(problems).toEqual([]);
    expect(samples.map((sample) => sample.hasForeground)).toEqual([true, false]);
  });

  it('is refused as a whole where Imgs or GT is missing', async () => {
    await rm(join(folder, 'GT'), { recursive: true });
    await expect(listFolder(folder)).rejects.toMatchObject({
      code: 'folder-not-readable',
      message: expect.stringContaining(join(folder, 'GT')) as string,
    });
  });

  it('stops reading when aborted', async () => {
    await put('Imgs/a.png', '4 4 9');
    await put('GT/a.png', '4 4 0');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(readFolderDataset(folder, { io, size: 4, signal })).rejects.toThrow('enough');
  });
});
