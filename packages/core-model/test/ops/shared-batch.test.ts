import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { batchNorm, type ChannelStatistics, type SharedBatch } from '../../src/ops/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference } from '../values.js';

/** What is seen of one part of a batch, or of all of it. */
interface Seen {
  readonly values: Record<'y' | 'dx' | 'dGamma' | 'dBeta' | 'mean' | 'variance', Float32Array>;
  readonly count: number;
  /** What it handed over, one exchange after the other. */
  readonly handed: Float64Array[];
}

const CHANNELS = 3;
const gamma = [0.5, 1.5, -1];
const beta = [0.1, -0.2, 0.3];

/** Pixels far from 0 in one channel, and their gradients: [count,4,5,3] each. */
function slices(count: number, seed: number): { x: number[]; dy: number[] } {
  const size = count * 4 * 5 * CHANNELS;
  const noise = (i: number): number => ((i * 7919 + seed * 104_729) % 1009) / 1009 - 0.5;
  return {
    x: Array.from({ length: size }, (_, i) => noise(i) + (i % CHANNELS === 1 ? 200 + seed : seed)),
    dy: Array.from({ length: size }, (_, i) => noise(3 * i + 1)),
  };
}

/** Runs batch norm forward and backward; `others` is what the other parts hand over in each exchange. */
function run(
  { x, dy }: { x: number[]; dy: number[] },
  others?: (exchange: number, own: Float64Array) => Float64Array[],
): Seen {
  const shape: [number, number, number, number] = [x.length / (4 * 5 * CHANNELS), 4, 5, CHANNELS];
  const handed: Float64Array[] = [];
  const sharedBatch: SharedBatch | undefined = others && {
    parts: 2, // batch norm itself does not ask
    largestPart: shape[0],
    exchange(own) {
      handed.push(own.slice());
      return others(handed.length - 1, own);
    },
  };
  const seen: { statistics?: ChannelStatistics; count: number } = { count: 0 };
  tf.engine().startScope();
  try {
    const onStatistics = ({ mean, variance }: ChannelStatistics, count: number): void => {
      seen.statistics = { mean: tf.keep(mean.clone()), variance: tf.keep(variance.clone()) };
      seen.count = count;
    };
    const op = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      batchNorm(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, {
        relu: true,
        sharedBatch,
        onStatistics,
      });
    const { value, grads } = tf.valueAndGrads(op)(
      [tf.tensor4d(x, shape), tf.tensor1d(gamma), tf.tensor1d(beta)],
      tf.tensor4d(dy, shape),
    );
    const [dx, dGamma, dBeta] = grads as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { mean, variance } = seen.statistics!;
    const tensors = { y: value, dx, dGamma, dBeta, mean, variance };
    const values = Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
    ) as Seen['values'];
    return { values, count: seen.count, handed };
  } finally {
    tf.dispose({ ...seen.statistics });
    tf.engine().endScope();
  }
}

/** Runs the parts of a batch as if at the same time: until what each hands over has met what the others do. */
function runParts(parts: readonly { x: number[]; dy: number[] }[]): Seen[] {
  let seen: Seen[] = [];
  for (let known = 0; known <= 2; known++) {
    const before = seen;
    seen = parts.map((part, index) =>
      run(part, (exchange, own) =>
        parts.map((_, other) => (other === index ? own : (before[other]?.handed[exchange] ?? own))),
      ),
    );
  }
  return seen;
}

onEachBackend(() => {
  it.each([
    ['equal parts', [2, 2]],
    ['unequal parts', [3, 1, 1]],
  ])('batch norm of a batch in %s is that of the whole batch, forward and backward', (_, counts) => {
    const parts = counts.map((count, index) => slices(count, index + 1));
    const whole = run({ x: parts.flatMap(({ x }) => x), dy: parts.flatMap(({ dy }) => dy) });
    const seen = runParts(parts);
    const joined = (name: 'y' | 'dx'): number[] => seen.flatMap(({ values }) => [...values[name]]);
    const summed = (name: 'dGamma' | 'dBeta'): number[] =>
      gamma.map((__, c) => seen.reduce((sum, { values }) => sum + values[name][c]!, 0));
    expect(maxDifference(joined('y'), whole.values.y)).toBeLessThan(2e-4);
    expect(maxDifference(joined('dx'), whole.values.dx)).toBeLessThan(2e-4);
    expect(maxDifference(summed('dGamma'), whole.values.dGamma)).toBeLessThan(2e-3);
    expect(maxDifference(summed('dBeta'), whole.values.dBeta)).toBeLessThan(2e-4);
    for (const { values, count } of seen) {
      expect(count).toBe(whole.count);
      expect(values.mean).toEqual(seen[0]!.values.mean);
      expect(values.variance).toEqual(seen[0]!.values.variance);
      expect(maxDifference(values.mean, whole.values.mean)).toBeLessThan(1e-4);
      expect(maxDifference(values.variance, whole.values.variance)).toBeLessThan(1e-5);
    }
  });
});
