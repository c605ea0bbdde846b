import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveRecipe, type TrainerState, type TrainingEvent } from '../../src/index.js';
import type { RunConfig } from '../../src/checkpoint/run-config.js';
import { RunFolder } from '../../src/checkpoint/run-folder.js';
import {
  decodeTrainingState,
  encodeTrainingState,
  type TrainingState,
} from '../../src/checkpoint/training-state.js';

const config: RunConfig = {
  format: 'infnet-run',
  versions: { tfjs: '4' },
  backend: 'wasm',
  seed: 0,
  recipe: resolveRecipe('short'),
  task: { objective: { name: 'any' } },
  architecture: { width: 1 },
  initialWeights: 'abc',
  training: { a: '1', b: '2' },
  validation: {},
};

const awkward = Float32Array.of(0.1, -0, 1e-42, 3.4e38, 1 / 3);

function stateAt(step: number, average: TrainerState['average'] = null): TrainingState {
  return {
    progress: { step, epochLoss: 0.1 + 0.2, best: { epoch: 2, meanDice: 1 / 3 } },
    trainer: {
      weights: new Map([
        ['conv.weight', { dtype: 'float32', shape: [5], data: awkward }],
        ['bn.num_batches_tracked', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) }],
      ]),
      optimiser: { step, moments: { m: awkward, v: awkward.map((value) => value / 2) } },
      average,
    },
  };
}

function stepEvent(step: number): TrainingEvent {
  return {
    type: 'step',
    step,
    epoch: 1,
    loss: 1,
    gradientNorm: 1,
    learningRate: 1,
    slices: 1,
    size: 32,
    seconds: 0,
  };
}

let path = '';
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'infnet-run-')), 'run');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

describe('a training state', () => {
  it('comes back bit for bit, with and without average', () => {
    for (const average of [null, { updates: 9, parameters: awkward, buffers: awkward.slice(1) }]) {
      const state = stateAt(12, average);
      const back = decodeTrainingState(encodeTrainingState(state), 'file');
      expect(back).toEqual(state);
      expect(Object.is(back.trainer.optimiser.moments['m']?.[1], -0)).toBe(true);
    }
  });

  it('is refused by name when cut short or of another kind', () => {
    const bytes = encodeTrainingState(stateAt(1));
    for (const bad of [bytes.slice(0, 20), bytes.slice(0, -3), new Uint8Array(0)]) {
      expect(() => decodeTrainingState(bad, 'RUN/last.safetensors')).toThrow(
        expect.objectContaining({
          code: 'damaged-checkpoint',
          message: expect.stringContaining('RUN/last.safetensors') as string,
        }),
      );
    }
  });
});

describe('a run folder', () => {
  it('is begun once, and taken up only when asked', async () => {
    const { state } = await RunFolder.open(path, config, { resume: false });
    expect(state).toBeNull();
    await expect(RunFolder.open(path, config, { resume: false })).rejects.toMatchObject({
      code: 'run-exists',
    });
    await expect(RunFolder.open(path, config, { resume: true })).resolves.toMatchObject({ state: null });
  });

  it('gives back the last state, and forgets the log after it', async () => {
    const { folder } = await RunFolder.open(path, config, { resume: false });
    for (const step of [1, 2]) folder.append(stepEvent(step));
    await folder.saveState(stateAt(2));
    for (const step of [3, 4]) folder.append(stepEvent(step));
    await appendFile(join(path, 'log.jsonl'), '{"type":"step","st');
    const { state } = await RunFolder.open(path, config, { resume: true });
    expect(state).toEqual(stateAt(2));
    const lines = (await readFile(join(path, 'log.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as TrainingEvent).step)).toEqual([1, 2]);
  });

  it('removes what a killed process left half written', async () => {
    const { folder } = await RunFolder.open(path, config, { resume: false });
    await folder.saveState(stateAt(2));
    await writeFile(join(path, 'last.safetensors.123.tmp'), 'half');
    await RunFolder.open(path, config, { resume: true });
    expect((await readdir(path)).toSorted()).toEqual([
      'config.json',
      'curves.csv',
      'last.safetensors',
      'log.jsonl',
    ]);
  });

  it('refuses another run and says what differs', async () => {
    const { folder } = await RunFolder.open(path, config, { resume: false });
    const other = (change: Partial<RunConfig>): Promise<unknown> =>
      RunFolder.open(path, { ...config, ...change }, { resume: true });
    await expect(other({ seed: 1 })).rejects.toThrow(/seed was 0, is 1/);
    await expect(other({ backend: 'cpu' })).rejects.toThrow(/backend was "wasm", is "cpu"/);
    await expect(other({ recipe: { ...config.recipe, epochs: 3 } })).rejects.toThrow(
      /recipe.epochs was 57, is 3/,
    );
    await expect(other({ training: { a: '1', b: '9' } })).rejects.toThrow(/training.b/);
    await expect(other({ initialWeights: 'other' })).rejects.toThrow(/initialWeights/);
    await folder.saveState(stateAt(1)); // from here on the checkpoint says what the weights are
    await expect(other({ initialWeights: 'other' })).resolves.toBeDefined();
  });

  it('names a damaged file', async () => {
    const { folder } = await RunFolder.open(path, config, { resume: false });
    await folder.saveState(stateAt(1));
    await truncate(folder.last, 50);
    await expect(RunFolder.open(path, config, { resume: true })).rejects.toMatchObject({
      code: 'damaged-checkpoint',
      message: expect.stringContaining(folder.last) as string,
    });
    await writeFile(join(path, 'config.json'), '{');
    await expect(RunFolder.open(path, config, { resume: true })).rejects.toThrow(
      /config.json cannot be read/,
    );
  });

  it('says so when it cannot be written', async () => {
    await writeFile(path, 'a file in the way');
    await expect(RunFolder.open(path, config, { resume: false })).rejects.toMatchObject({
      code: 'run-not-writable',
      message: expect.stringContaining(path) as string,
    });
  });
});
