import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { DatasetEvaluator, VolumeEvaluator } from '../src/index.js';
import { randomCase } from './support/random.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after everything unreachable is gone. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

const size = { width: 24, height: 20 };
const cases = Array.from({ length: 16 }, (_, seed) => randomCase(seed, 24, 20));

it.each([
  [
    'DatasetEvaluator',
    () => {
      const evaluator = new DatasetEvaluator({ keepCases: false });
      return (i: number): unknown =>
        evaluator.add(`case ${i}`, cases[i % 16]!.prediction, cases[i % 16]!.groundTruth, size);
    },
  ],
  [
    'VolumeEvaluator, one volume',
    () => {
      const evaluator = new VolumeEvaluator({ keepCases: false });
      return (i: number): unknown =>
        evaluator.addSlice('scan', i, cases[i % 16]!.prediction, cases[i % 16]!.groundTruth, size);
    },
  ],
] as const)('%s: 10,000 cases without rows take no more memory than 500', (_, make) => {
  const add = make();
  for (let i = 0; i < 500; i++) add(i);
  const before = heap();
  for (let i = 500; i < 10_000; i++) add(i);
  expect(heap() - before).toBeLessThan(1_000_000); // rows alone would take some 20 MB
});
