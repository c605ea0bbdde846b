import { describe, expect, it } from 'vitest';
import { countMasks, DatasetEvaluator, dice, MetricsError } from '../src/index.js';
import { VolumeEvaluator, type VolumeOptions, type VolumeShape } from '../src/entry/volumes.js';
import { randomCase, randomGenerator } from './support/random.js';

const shape: VolumeShape = { width: 16, height: 12, depth: 7, spacing: [0.5, 2, 3] };

/** Slices 0, 3 and 6 have no infection; in slice 3 five pixels are marked, in slice 6 one. */
function volume(seed: number): { prediction: Uint8Array; groundTruth: Uint8Array } {
  const prediction = new Uint8Array(16 * 12 * 7);
  const groundTruth = new Uint8Array(prediction.length);
  for (let z = 0; z < 7; z++) {
    const slice = randomCase(100 * seed + z, 16, 12);
    if (z % 3 === 0) continue;
    prediction.set(slice.prediction, 192 * z);
    groundTruth.set(slice.groundTruth, 192 * z);
  }
  prediction.fill(200, 192 * 3 + 10, 192 * 3 + 15);
  prediction.fill(200, 192 * 6, 192 * 6 + 1);
  return { prediction, groundTruth };
}

function evaluator(seeds: readonly number[], options: VolumeOptions = {}): VolumeEvaluator {
  const volumes = new VolumeEvaluator(options);
  for (const seed of seeds) {
    const { prediction, groundTruth } = volume(seed);
    volumes.addVolume(`scan ${seed}`, prediction, groundTruth, shape);
  }
  return volumes;
}

describe('slices and volumes', () => {
  const { all, infected, healthy, volumes } = evaluator([1, 2]).summary();

  it('are told apart by their ground truth', () => {
    expect([all.cases, infected.cases, healthy.slices.cases]).toEqual([14, 8, 6]);
    const alone = new DatasetEvaluator();
    for (const seed of [1, 2]) {
      const { prediction, groundTruth } = volume(seed);
      for (const z of [1, 2, 4, 5]) {
        const [from, to] = [192 * z, 192 * (z + 1)];
        alone.add(`scan ${seed} #${z}`, prediction.subarray(from, to), groundTruth.subarray(from, to), {
          width: 16,
          height: 12,
        });
      }
    }
    expect(infected).toEqual(alone.summary());
    expect(all.scores.diceAtHalf).toMatchObject({ n: 8, excluded: 6 });
  });

  it('without infection are counted by what is marked there', () => {
    expect(healthy).toMatchObject({ falselyMarked: 4, falseAlarmPixels: 1 });
    expect(healthy.falseAlarmRate).toBeCloseTo(4 / 6, 14);
    expect(healthy.falseArea).toBeCloseTo(12 / (6 * 192), 14); // 2 volumes with 5 + 1 marked pixels
    expect(healthy.falseAreaMm2).toBeCloseTo(12 / 6, 14); // a pixel is 0.5 x 2 mm
    expect(healthy.slices.scores.specificityAtHalf.value).toBeCloseTo(1 - 12 / (6 * 192), 14);
    const tolerant = evaluator([1, 2], { falseAlarmPixels: 3 }).summary();
    expect(tolerant.healthy.falselyMarked).toBe(2);
  });

  it('as wholes: all voxels together, with volumes in ml', () => {
    const { prediction, groundTruth } = volume(1);
    const mask = prediction.map((value) => (value >= 128 ? 1 : 0));
    const row = volumes.rows[0]!.values;
    expect(row.dice).toBe(dice(mask, groundTruth));
    expect(row).toMatchObject({ slices: 7, infectedSlices: 4, healthySlices: 3, falselyMarkedSlices: 2 });
    const { predicted, foreground } = countMasks(mask, groundTruth);
    expect(row.truthMl).toBeCloseTo((foreground * 3) / 1000, 12);
    expect(row.predictedMl).toBeCloseTo((predicted * 3) / 1000, 12);
    expect(row.relativeVolumeDifference).toBeCloseTo(predicted / foreground - 1, 14);
    expect(volumes.means.dice).toMatchObject({ n: 2, excluded: 0 });
  });

  it('twice the spacing: eight times the volume, the same scores', () => {
    const { prediction, groundTruth } = volume(1);
    const large = new VolumeEvaluator();
    large.addVolume('scan 1', prediction, groundTruth, { ...shape, spacing: [1, 4, 6] });
    const [big, small] = [large.summary().volumes.rows[0]!.values, volumes.rows[0]!.values];
    expect(big.truthMl).toBeCloseTo(8 * small.truthMl, 12);
    expect(big.dice).toBe(small.dice);
  });

  it('a volume without infection, and one without any healthy slice', () => {
    const none = new Uint8Array(16 * 12 * 7);
    const whole = new VolumeEvaluator();
    whole.addVolume('healthy', none, none, shape);
    whole.addVolume('full', none, none.fill(1), { ...shape, depth: 7 });
    const rows = whole.summary().volumes.rows;
    expect(rows[0]!.values).toMatchObject({ dice: NaN, falseAlarmRate: 0, relativeVolumeDifference: NaN });
    expect(rows[1]!.values).toMatchObject({ dice: 0, falseAlarmRate: NaN, relativeVolumeDifference: -1 });
  });

  it('a grey mask is read as one, even where a slice holds nothing', () => {
    const { prediction, groundTruth } = volume(1);
    const grey = new VolumeEvaluator();
    grey.addVolume(
      'scan 1',
      prediction,
      groundTruth.map((value) => 255 * value),
      shape,
    );
    expect(grey.summary()).toEqual(evaluator([1]).summary());
  });
});

describe('merge and JSON', () => {
  it('volumes, and slices of one volume, may come from anywhere', () => {
    const whole = evaluator([1, 2, 3]).summary();
    const parts = [evaluator([3]), evaluator([1]), new VolumeEvaluator()];
    const { prediction, groundTruth } = volume(2);
    for (let z = 6; z >= 0; z--) {
      const [from, to] = [192 * z, 192 * (z + 1)];
      parts[z % 3]!.addSlice(
        'scan 2',
        z,
        prediction.subarray(from, to),
        groundTruth.subarray(from, to),
        shape,
      );
    }
    const merged = parts
      .map((part) => VolumeEvaluator.fromJSON(JSON.stringify(part)))
      .reduce((sum, part) => sum.merge(part))
      .summary();
    expect(merged.all.pooled).toEqual(whole.all.pooled);
    expect(merged.healthy.falselyMarked).toBe(whole.healthy.falselyMarked);
    const byId = (rows: typeof whole.volumes.rows): typeof whole.volumes.rows =>
      rows.toSorted((a, b) => a.id.localeCompare(b.id));
    for (const [i, row] of byId(whole.volumes.rows).entries()) {
      const other = byId(merged.volumes.rows)[i]!;
      expect(other.id).toBe(row.id);
      for (const [name, value] of Object.entries(row.values)) {
        expect(other.values[name as keyof typeof row.values]).toBeCloseTo(value, 12);
      }
    }
  });

  it('a hostile state is refused', () => {
    const sound = JSON.stringify(evaluator([1]));
    const random = randomGenerator(4);
    for (let round = 0; round < 300; round++) {
      const at = Math.floor(random() * sound.length);
      const damaged = sound.slice(0, at) + '0{"x'.charAt(round % 4) + sound.slice(at + 1);
      try {
        VolumeEvaluator.fromJSON(damaged).summary();
      } catch (error) {
        expect(error).toBeInstanceOf(MetricsError);
      }
    }
    expect(() => VolumeEvaluator.fromJSON(sound.replace('"slices":7', '"slices":8'))).toThrow(MetricsError);
  });
});

describe('refusals', () => {
  const { prediction, groundTruth } = volume(1);
  const add = (over: Partial<VolumeShape>) => () =>
    new VolumeEvaluator().addVolume('x', prediction, groundTruth, { ...shape, ...over });

  it.each([
    ['length-mismatch', add({ depth: 6 })],
    ['invalid-shape', add({ depth: 0.5 })],
    ['invalid-option', add({ spacing: [1, 1, 0] })],
    ['invalid-option', add({ spacing: [1, 1] as never })],
    ['unsupported-array', () => new VolumeEvaluator().addVolume('x', [] as never, groundTruth, shape)],
    ['duplicate-id', () => evaluator([1, 1])],
    ['duplicate-id', () => evaluator([1]).merge(evaluator([1]))],
    ['invalid-option', () => new VolumeEvaluator({ falseAlarmPixels: 0 })],
    ['definition-mismatch', () => evaluator([1]).merge(evaluator([2], { falseAlarmPixels: 2 }))],
    ['definition-mismatch', () => evaluator([1]).merge(evaluator([2], { protocol: 'infnet' }))],
  ])('%s', (code, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/\w{3}/) }));
  });

  it('a volume with a bad slice leaves nothing behind', () => {
    const floats = Float32Array.from(prediction, (value) => value / 255);
    floats[192 * 5 + 3] = NaN;
    const volumes = new VolumeEvaluator();
    expect(() => volumes.addVolume('x', floats, groundTruth, shape)).toThrow(MetricsError);
    expect(volumes.size).toBe(0);
    expect(volumes.summary().all.cases).toBe(0);
  });
});
