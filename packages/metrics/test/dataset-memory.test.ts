import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DatasetEvaluator } from '../src/index.js';
import { VolumeEvaluator } from '../src/entry/volumes.js';
import { randomCase } from './support/random.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const size = { width: 12, height: 10 };
const cases = Array.from({ length: 16 }, (_, seed) => randomCase(seed, 12, 10));
/** Few thresholds: what is looked for does not depend on them, and 10,000 cases are soon measured. */
const thresholds = [0.75, 0.5, 0.25];

type Add = (id: number, prediction: Uint8Array, groundTruth: Uint8Array) => unknown;

/** Bytes that so many further cases leave behind. */
function growth(further: number, add: Add): number {
  const bytesInUse = (): number => {
    // The second run finishes what the first left to a thread: buffers that are free but still counted.
    collect();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const addSome = (from: number, to: number): void => {
    for (let id = from; id < to; id++) add(id, cases[id % 16]!.prediction, cases[id % 16]!.groundTruth);
  };
  addSome(0, 1000);
  const before = bytesInUse();
  addSome(1000, 1000 + further);
  return bytesInUse() - before;
}

function dataset(further: number, keepCases: boolean): number {
  const evaluator = new DatasetEvaluator({ keepCases, thresholds });
  return growth(further, (id, prediction, groundTruth) =>
    evaluator.add(`case ${id}`, prediction, groundTruth, size),
  );
}

describe('10,000 cases', () => {
  // The runner's own memory moves by some megabytes meanwhile.
  const NOISE = 3e6;

  it('leave nothing behind without rows, and plenty with them', () => {
    expect(dataset(10_000, false)).toBeLessThan(NOISE);
    expect(dataset(5000, true)).toBeGreaterThan(NOISE);
  });

  it('leave nothing behind as slices of one volume', () => {
    const evaluator = new VolumeEvaluator({ keepCases: false, thresholds });
    expect(
      growth(10_000, (id, prediction, groundTruth) =>
        evaluator.addSlice('scan', id, prediction, groundTruth, size),
      ),
    ).toBeLessThan(NOISE);
  });
});
