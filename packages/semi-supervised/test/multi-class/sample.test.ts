import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  gatherClassData,
  prepareClassSample,
  type ClassGatherOptions,
  type ClassPrior,
  type ClassSample,
  type GreyImage,
} from '../../src/index.js';
import { writeImages } from '../pgm-io.js';
import { classDiscs, classIO } from './class-discs.js';

const picture = (width: number, height: number, value: (i: number) => number): GreyImage => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i)),
});
const sample: ClassSample = {
  id: 'a',
  image: picture(6, 4, (i) => i),
  labels: picture(6, 4, (i) => i % 3),
};

describe('a sample', () => {
  it('is resized, its labels to the nearest, its map from any size', () => {
    const prior = picture(2, 2, () => 200);
    const prepared = prepareClassSample({ ...sample, prior }, 3, { classes: 2, io: classIO });
    expect(prepared).toMatchObject({ id: 'a', size: 3, hasForeground: true });
    expect([...prepared.labels].every((label) => label <= 2)).toBe(true);
    expect([...prepared.prior!]).toEqual(Array.from({ length: 9 }, () => 200));
    expect(prepareClassSample(sample, 3, { classes: 2, io: classIO }).prior).toBeNull();
  });

  it.each([
    [{ labels: picture(4, 6, () => 0) }, 'size-mismatch'],
    [{ labels: picture(6, 4, () => 3) }, 'label-values'],
    [{ prior: { width: 3, height: 3, data: new Uint8Array(8) } }, 'invalid-sample'],
  ])('is refused with %#', (change, code) => {
    const prepare = (): unknown =>
      prepareClassSample({ ...sample, ...change }, 3, { classes: 2, io: classIO });
    expect(prepare).toThrow(expect.objectContaining({ code }));
  });

  it('of another size needs something that resizes', () => {
    expect(() => prepareClassSample(sample, 3, { classes: 2 })).toThrow(/6×4/);
  });
});

describe('a folder', () => {
  let folder = '';
  const discs = classDiscs(4, 16);
  const gather = (
    prior: ClassPrior,
    change: Partial<ClassGatherOptions> = {},
  ): ReturnType<typeof gatherClassData> =>
    gatherClassData({
      data: folder,
      validation: { fraction: 0 },
      classes: 2,
      prior,
      io: classIO,
      size: 16,
      seed: 0,
      ...change,
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infnet-classes-'));
    const grey = [0, 38, 75];
    const byName = (part: (one: ClassSample) => GreyImage): Record<string, GreyImage> =>
      Object.fromEntries(discs.map((one) => [one.id, part(one)]));
    await writeImages(
      join(folder, 'Imgs'),
      byName(({ image }) => image),
    );
    await writeImages(
      join(folder, 'GT'),
      byName(({ labels }) => ({ ...labels, data: labels.data.map((label) => grey[label]!) })),
    );
    const maps = byName(({ image }) => picture(8, 8, (i) => i + image.data[0]!));
    delete maps['disc-3'];
    await writeImages(join(folder, 'Prior'), maps);
    await writeFile(join(folder, 'GT', 'disc-1.png'), 'no picture');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives each slice its map, of the true masks, of a network, of files, or none', async () => {
    const first = async (prior: ClassPrior): Promise<number[] | null> => {
      const { training } = await gather(prior);
      return training[0]!.prior && [...training[0]!.prior];
    };
    expect(await first({ kind: 'none' })).toBeNull();
    const labels = [...discs[0]!.labels.data];
    expect(await first({ kind: 'true-masks' })).toEqual(labels.map((label) => (label > 0 ? 255 : 0)));
    const predict = (image: GreyImage): Promise<GreyImage> =>
      Promise.resolve({ ...image, data: image.data.map((grey) => 255 - grey) });
    const model = { kind: 'model', predict, name: 'semi', sha256: 'ab' } as const;
    expect(await first(model)).toEqual([...discs[0]!.image.data].map((grey) => 255 - grey));
    expect(new Set((await gather({ kind: 'given' })).training[0]!.prior)).toHaveLength(64);
  });

  it('names what it leaves out and goes on', async () => {
    const { training, problems } = await gather({ kind: 'given' });
    expect(training.map(({ id }) => id)).toEqual(['disc-0', 'disc-2']);
    expect(problems.map(({ code }) => code).toSorted()).toEqual(['missing-prior', 'unreadable-file']);
    expect(problems.find(({ code }) => code === 'missing-prior')!.message).toContain(join('Prior', 'disc-3'));
    expect(new Set(training[0]!.labels)).toEqual(new Set([0, 1, 2]));
  });

  it('says so where there are no maps at all', async () => {
    const prior: ClassPrior = { kind: 'given', folder: join(folder, 'nowhere') };
    await expect(gather(prior)).rejects.toMatchObject({ code: 'folder-not-readable' });
    const bare = gather({ kind: 'given' }, { data: discs });
    await expect(bare).rejects.toMatchObject({
      code: 'no-samples',
      message: expect.stringContaining('disc-0') as string,
    });
    await expect(gather({ kind: 'none' }, { data: [discs[0]!, discs[0]!] })).resolves.toMatchObject({
      problems: [{ code: 'duplicate-stem' }],
    });
  });
});
