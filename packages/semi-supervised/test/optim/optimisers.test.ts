import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeEach, describe, expect, it } from 'vitest';
import { readGoldenTensors } from '../../../core-model/test/golden-files.js';
import { Adam, FlatGroups, Sgd, type Optimiser } from '../../src/index.js';
import { clipElements } from '../../src/optim/clip.js';

const golden = readGoldenTensors('optim-bn.safetensors');

/** Three variables that make up the golden file's 40 weights; groups of at most `groupElements`. */
function variables(name: string): tf.Variable[] {
  const weights = golden.tensor(`${name}.w0`).data;
  const cut = (begin: number, shape: number[]): tf.Variable => {
    const end = begin + shape.reduce((product, side) => product * side, 1);
    return tf.tidy(() => tf.variable(tf.tensor(weights.slice(begin, end), shape)));
  };
  return [cut(0, [3, 3]), cut(9, [1]), cut(10, [2, 3, 5])];
}

async function gap(groups: FlatGroups, expected: ArrayLike<number>): Promise<number> {
  const now = groups.gather();
  const values = await groups.read(now);
  tf.dispose(now);
  return Math.max(...values.map((value, i) => Math.abs(value - (expected[i] as number))));
}

const CASES: [name: string, rate: number, clip: number | null, make: (groups: FlatGroups) => Optimiser][] = [
  ['adam', 1e-4, null, (groups) => new Adam(groups)],
  ['adam_clip', 1e-4, 0.5, (groups) => new Adam(groups)],
  ['sgd', 1e-2, null, (groups) => new Sgd(groups, 0.7)],
];

describe.each(['wasm', 'cpu'])('on %s', (backend) => {
  beforeEach(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  it('sgd adds its weight decay to the gradient, before the momentum, as PyTorch does', async () => {
    const groups = new FlatGroups(variables('sgd'));
    const expected = Float64Array.from(golden.tensor('sgd.w0').data as Float32Array);
    const momentum = new Float64Array(expected.length);
    const sgd = new Sgd(groups, 0.99, 0.05);
    for (let step = 0; step < 5; step++) {
      const gradient = golden.tensor(`sgd.g${step}`).data as Float32Array;
      const vectors = groups.write(gradient);
      sgd.apply(vectors, 1e-2);
      tf.dispose(vectors);
      for (const [i, weight] of expected.entries()) {
        momentum[i] = 0.99 * momentum[i]! + gradient[i]! + 0.05 * weight;
        expected[i] = weight - 1e-2 * momentum[i];
      }
      expect(await gap(groups, expected), `step ${step}`).toBeLessThan(1e-6);
    }
    sgd.dispose();
  });

  for (const [name, rate, clip, make] of CASES) {
    it.each([1, 12, 1000])(`${name} follows PyTorch, groups of up to %i elements`, async (groupElements) => {
      const groups = new FlatGroups(variables(name), groupElements);
      expect(groups.lengths.length).toBe(groupElements === 1000 ? 1 : groupElements === 12 ? 2 : 3);
      let optimiser = make(groups);
      const tensors = tf.memory().numTensors;
      for (let step = 0; step < 5; step++) {
        const gradients = groups.write(golden.tensor(`${name}.g${step}`).data as Float32Array);
        const clipped = clipElements(gradients, clip);
        optimiser.apply(clipped, rate);
        tf.dispose(clipped);
        expect(await gap(groups, golden.tensor(`${name}.w${step + 1}`).data), `step ${step}`).toBeLessThan(
          2e-7,
        );
        if (step === 2) {
          const copy = make(groups);
          copy.restore(await optimiser.state());
          optimiser.dispose();
          optimiser = copy;
        }
      }
      expect(tf.memory().numTensors).toBe(tensors);
      optimiser.dispose();
    });
  }

  it('gives the same numbers in one vector as tensor by tensor', async () => {
    const [together, apart] = [1000, 1].map((size) => new FlatGroups(variables('adam'), size)) as [
      FlatGroups,
      FlatGroups,
    ];
    for (const groups of [together, apart]) {
      const adam = new Adam(groups);
      for (let step = 0; step < 5; step++) {
        const gradients = groups.write(golden.tensor(`adam.g${step}`).data as Float32Array);
        adam.apply(gradients, 1e-3);
        tf.dispose(gradients);
      }
      adam.dispose();
    }
    const now = together.gather();
    expect(await gap(apart, await together.read(now))).toBe(0);
    tf.dispose(now);
  });
});
