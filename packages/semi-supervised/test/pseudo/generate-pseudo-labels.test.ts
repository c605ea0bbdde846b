import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  deepSupervision,
  generatePseudoLabels,
  planGroups,
  prepareDataset,
  propagationRecipe,
  pseudoLabel,
  Random,
  Trainer,
  composeBatch,
  type PropagationEvent,
  type PseudoLabelOptions,
} from '../../src/index.js';
import { planSteps } from '../../src/plan.js';
import { io, withoutMasks, writeImages } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';
import { discs, tinyRecipe } from '../tiny.js';

const recipe = propagationRecipe(tinyRecipe({ augment: 'flip', batchSize: 4 }), { epochs: 2 });
const labelled = discs(3);
const name = (index: number): string => `scan-${index % 3}_${index}`;

let folder = '';
let unlabelled = '';
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-pseudo-'));
  unlabelled = join(folder, 'unlabelled');
  await writeImages(unlabelled, withoutMasks(discs(11).slice(4), name));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs propagation with a fresh pixel model; gives its events and result. */
async function propagate(options: Partial<PseudoLabelOptions> = {}) {
  const events: PropagationEvent[] = [];
  const model = new PixelModel();
  try {
    const result = await generatePseudoLabels({
      model,
      labelled,
      unlabelled,
      io,
      recipe,
      groupSize: 3,
      seed: 5,
      runFolder: join(folder, 'run'),
      onProgress: (event) => events.push(event),
      ...options,
    });
    return { result, events, weights: await model.stateDict() };
  } finally {
    model.dispose();
  }
}

/** Every file below a folder but logs, with its bytes. */
async function filesOf(place: string): Promise<Map<string, string>> {
  const names = (await readdir(place, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'log.jsonl')
    .map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, string>();
  for (const path of names.toSorted()) files.set(path.slice(place.length), await readFile(path, 'base64'));
  return files;
}

describe('generatePseudoLabels', () => {
  it.each([
    ['groups, order, maps, edges, a fresh optimiser each round', 'uniform'],
    ['with the certainty of each pixel as its weight', 'certainty'],
  ] as const)('is Algorithm 1 step by step: %s', async (_, pseudoWeights) => {
    const { result, events, weights } = await propagate({ pseudoWeights });

    // The same written out: predict a group, add it, fine-tune on all from the last weights with a new optimiser.
    const model = new PixelModel();
    const images = withoutMasks(discs(11).slice(4), name);
    const hybrid = [...prepareDataset(labelled, { size: 64, io }).samples];
    const groups = planGroups(Object.keys(images), 5, { groupSize: 3 });
    for (const [index, group] of groups.entries()) {
      for (const id of group) {
        const image = images[id]!;
        const { mask, edge, uncertainty } = await pseudoLabel(model, image, { size: 64, io, pseudoWeights });
        expect(uncertainty !== undefined).toBe(pseudoWeights === 'certainty');
        hybrid.push({
          id: `pseudo/${id}`,
          size: 64,
          image: image.data,
          mask: mask.data,
          edge: edge.data,
          ...(uncertainty && { uncertainty: uncertainty.data }),
          hasForeground: true,
        });
      }
      const trainer = new Trainer(model, deepSupervision(), recipe);
      const seed = Random.of(5, 'round', index + 1).uint32();
      for (const { epoch, indices, scale } of planSteps(hybrid.length, recipe, seed)) {
        const slices = indices.map((i) => hybrid[i]!);
        await trainer.step(composeBatch(slices, recipe, { seed, epoch, scale }), recipe.learningRate);
      }
      trainer.dispose();
    }
    expect(weights).toEqual(await model.stateDict());
    expect(result.samples).toEqual(hybrid.slice(labelled.length));
    model.dispose();

    const rounds = events.filter((event) => event.type === 'round');
    expect(rounds.map(({ round, left, slices }) => [round, left, slices])).toEqual([
      [1, 4, 6],
      [2, 1, 9],
      [3, 0, 10],
    ]);
  });

  it('leaves a data set in the authors’ layout that holds the unlabelled images byte for byte', async () => {
    const { result } = await propagate();
    for (const part of ['Imgs', 'GT', 'Edge']) {
      expect((await readdir(join(result.folder, part))).length).toBe(7);
    }
    const path = `${name(2)}.png`;
    expect(await readFile(join(result.folder, 'Imgs', path))).toEqual(await readFile(join(unlabelled, path)));
    expect(await readdir(join(folder, 'run', 'rounds'))).toEqual(['0003']);
  });

  it('learns something else where pixels have weights', async () => {
    const { weights } = await propagate({ runFolder: join(folder, 'plain') });
    const weighted = await propagate({ pseudoWeights: 'certainty' });
    expect(weighted.weights).not.toEqual(weights);
    expect((await readdir(join(weighted.result.folder, 'Uncertainty'))).length).toBe(7);
    await rm(join(weighted.result.folder, 'Uncertainty', `${name(0)}.png`));
    await expect(propagate({ resume: true, pseudoWeights: 'certainty' })).rejects.toMatchObject({
      code: 'damaged-checkpoint',
    });
  });

  it('gives the same bytes for a seed and others for another', async () => {
    await propagate({ runFolder: join(folder, 'a') });
    await propagate({ runFolder: join(folder, 'b') });
    await propagate({ runFolder: join(folder, 'c'), seed: 6 });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((run) => filesOf(join(folder, run))));
    expect(b).toEqual(a);
    expect(c!.get('/model.safetensors')).not.toBe(a!.get('/model.safetensors'));
  });

  it('goes on after an abort with the bytes of an undisturbed run', async () => {
    await propagate({ runFolder: join(folder, 'whole') });
    const stopped = new AbortController();
    const onProgress = (event: PropagationEvent): void => {
      if (event.type === 'round-training' && event.round === 2 && event.event.type === 'step')
        stopped.abort();
    };
    await expect(propagate({ signal: stopped.signal, onProgress })).rejects.toThrow(/abort/i);
    await expect(propagate()).rejects.toMatchObject({ code: 'run-exists' });
    const { events } = await propagate({ resume: true });
    expect(events[0]).toMatchObject({ type: 'propagation-start', round: 1, rounds: 3 });
    expect(await filesOf(join(folder, 'run'))).toEqual(await filesOf(join(folder, 'whole')));
  });

  it('resumes a finished run without another round', async () => {
    const first = await propagate();
    const again = await propagate({ resume: true });
    expect(again.result).toEqual(first.result);
    expect(again.weights).toEqual(first.weights);
    expect(again.events.map(({ type }) => type)).toEqual(['propagation-start', 'propagation-end']);
  });

  it('refuses to go on with other images, another K or other labels', async () => {
    await propagate();
    const resumed = (options: Partial<PseudoLabelOptions>) => propagate({ resume: true, ...options });
    await expect(resumed({ groupSize: 2 })).rejects.toMatchObject({ code: 'run-mismatch' });
    await expect(resumed({ labels: 'binary' })).rejects.toThrow(/style.labels was "soft"/);
    await writeImages(unlabelled, { [name(1)]: discs(1)[0]!.image });
    await expect(resumed({})).rejects.toThrow(/unlabelled.scan-1_1/);
  });

  it('leaves out an image that cannot be decoded, names it, and goes on; a resumed run remembers', async () => {
    await writeFile(join(unlabelled, `${name(3)}.png`), 'no picture');
    const { result, events } = await propagate();
    expect(result.leftOut).toEqual([name(3)]);
    expect(result.samples).toHaveLength(6);
    const warnings = events.filter((event) => event.type === 'warning');
    expect(warnings).toMatchObject([
      { code: 'unreadable-file', subject: join(unlabelled, `${name(3)}.png`) },
    ]);
    const again = await propagate({ resume: true });
    expect(again.result).toEqual(result);
  });

  it('keeps labelled and unlabelled slices of one name apart', async () => {
    await rm(unlabelled, { recursive: true });
    await writeImages(
      unlabelled,
      withoutMasks(discs(8).slice(4), (i) => `disc-${i}`),
    );
    const { result } = await propagate();
    expect(result.samples.map(({ id }) => id).toSorted()).toEqual(
      [0, 1, 2, 3].map((i) => `pseudo/disc-${i}`),
    );
  });

  it('makes one round where K is larger than the set', async () => {
    const { events } = await propagate({ groupSize: 50 });
    expect(events.filter((event) => event.type === 'round')).toMatchObject([{ rounds: 1, left: 0 }]);
  });

  it('says so where there is nothing to label', async () => {
    await rm(unlabelled, { recursive: true });
    await expect(propagate()).rejects.toMatchObject({ code: 'folder-not-readable' });
    await writeImages(join(unlabelled, 'Imgs'), {});
    await expect(propagate()).rejects.toThrow(/no unlabelled image in .*Imgs/);
  });

  it('says so where a pseudo label is gone, and where the folder cannot be written', async () => {
    const { result } = await propagate();
    await rm(join(result.folder, 'GT', `${name(0)}.png`));
    await expect(propagate({ resume: true })).rejects.toMatchObject({ code: 'damaged-checkpoint' });
    await writeFile(join(folder, 'file'), '');
    await expect(propagate({ runFolder: join(folder, 'file') })).rejects.toMatchObject({
      code: 'run-not-writable',
    });
  });

  it('watches the rounds by validation slices that it never trains on', async () => {
    const { events } = await propagate({ validation: discs(12).slice(11) });
    const rounds = events.filter((event) => event.type === 'round');
    expect(rounds.map(({ validation }) => validation?.slices)).toEqual([1, 1, 1]);
  });

  it('holds no more tensors after seven rounds than after one', async () => {
    const counts: number[] = [];
    await propagate({
      groupSize: 1,
      recipe: { ...recipe, epochs: 1, batchSize: 16 },
      onProgress: (event) => event.type === 'round' && counts.push(tf.memory().numTensors),
    });
    expect(new Set(counts).size).toBe(1);
    expect(counts).toHaveLength(7);
  });
});
