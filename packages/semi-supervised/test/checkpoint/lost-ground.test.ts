import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  generatePseudoLabels,
  propagationRecipe,
  trainSupervised,
  type TrainingEvent,
} from '../../src/index.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyModel, tinyRecipe } from '../tiny.js';

let folder = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  folder = await mkdtemp(join(tmpdir(), 'infnet-lost-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(runFolder: string, onProgress?: (event: TrainingEvent) => void): Promise<Buffer> {
  const model = tinyModel();
  try {
    await trainSupervised({
      model,
      data: discs(5),
      validation: { fraction: 0.2 },
      recipe: tinyRecipe({ epochs: 3, batchSize: 2 }),
      runFolder,
      resume: true,
      checkpointEvery: 1,
      ...(onProgress && { onProgress }),
    });
  } finally {
    model.dispose();
  }
  return readFile(join(runFolder, 'model.safetensors'));
}

describe('a run folder that is removed under a run', () => {
  it('stops the run, by name; the same call starts it anew', async () => {
    const run = join(folder, 'removed');
    const lost = train(run, (event) => {
      if (event.type === 'step' && event.step === 3) rmSync(run, { recursive: true });
    });
    await expect(lost).rejects.toMatchObject({
      code: expect.stringMatching(/^(run|file)-not-writable$/) as string,
    });
    await rm(run, { recursive: true, force: true });
    expect((await train(run)).equals(await train(join(folder, 'whole')))).toBe(true);
  });
});

describe('a disk that is full', () => {
  const place = join(tmpdir(), `infnet-full-${process.pid}`);
  const mountAt = (...options: string[]): boolean => {
    try {
      execFileSync('mount', [...options, place], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };

  it('stops the run, by name; with room again it goes on to the very bytes of an undisturbed one', async ({
    skip,
  }) => {
    await mkdir(place, { recursive: true });
    skip(!mountAt('-t', 'tmpfs', '-o', 'size=700k', 'none'), 'no right to mount a small disk');
    try {
      const run = join(place, 'run');
      await expect(train(run)).rejects.toThrow(/ENOSPC|no space left/i);
      expect(mountAt('-o', 'remount,size=32m')).toBe(true);
      const resumed: TrainingEvent[] = [];
      const bytes = await train(run, (event) => resumed.push(event));
      expect(bytes.equals(await train(join(folder, 'roomy')))).toBe(true);
      expect(resumed[0]).toMatchObject({ type: 'run-start' });
    } finally {
      execFileSync('umount', [place]);
      await rm(place, { recursive: true });
    }
  });
});

describe('unlabelled slices that vanish under a propagation', () => {
  it('stop it, by name, in place of being left out; once they are back it goes on', async () => {
    const [run, unlabelled] = [join(folder, 'propagation'), join(folder, 'unlabelled')];
    const write = (): Promise<void> =>
      writeImages(
        unlabelled,
        withoutMasks(discs(8).slice(4), (i) => `ct_${i}`),
      );
    await write();
    const propagate = async (onRound?: () => void): Promise<number> => {
      const model = new PixelModel();
      try {
        const { samples } = await generatePseudoLabels({
          model,
          labelled: discs(3),
          unlabelled,
          io,
          recipe: propagationRecipe(tinyRecipe({ batchSize: 4 }), { epochs: 1 }),
          groupSize: 2,
          runFolder: run,
          resume: true,
          onProgress: ({ type }) => type === 'round' && onRound?.(),
        });
        return samples.length;
      } finally {
        model.dispose();
      }
    };
    const lost = propagate(() => rmSync(unlabelled, { recursive: true }));
    await expect(lost).rejects.toMatchObject({
      code: 'folder-not-readable',
      message: expect.stringMatching(/ct_\d\.png .* is gone/) as string,
    });
    await expect(propagate()).rejects.toMatchObject({ code: 'folder-not-readable' });
    await write();
    expect(await propagate()).toBe(4);
  });
});
