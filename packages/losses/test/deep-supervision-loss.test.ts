import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { deepSupervisionLoss, deepSupervisionParts, edgeLoss, structureLoss } from '../src/index.js';
import type { SupervisedMaps, SupervisedTargets } from '../src/index.js';
import { expectClose, onEachBackend } from './backends.js';
import { goldenLosses, goldenMap, unit } from './golden.js';

const REFERENCE_NAMES = {
  globalMap: 'lateral_map_5',
  s5: 'lateral_map_4',
  s4: 'lateral_map_3',
  s3: 'lateral_map_2',
  edge: 'lateral_edge',
} as const;
const NAMES = Object.keys(REFERENCE_NAMES) as (keyof SupervisedMaps)[];

function goldenMaps(): Record<keyof SupervisedMaps, tf.Tensor4D> {
  const logits = (name: string): tf.Tensor4D => {
    const values = Array.from(
      { length: 2 * 48 * 64 },
      (_, i) => 4 * unit(`infnet-golden-1:total:${name}`, i),
    );
    return tf.tensor4d(values, [2, 48, 64, 1]);
  };
  const entries = NAMES.map((name) => [name, logits(REFERENCE_NAMES[name])]);
  return Object.fromEntries(entries) as Record<keyof SupervisedMaps, tf.Tensor4D>;
}

const targets = (): SupervisedTargets => ({ mask: goldenMap('c0.mask'), edge: goldenMap('c0.edge') });
const number = async (x: tf.Tensor): Promise<number> => (await x.data())[0]!;

onEachBackend(() => {
  it.each([
    ['paper', goldenLosses.total.total_paper],
    ['reference', goldenLosses.total.total_released],
  ] as const)('%s: the total of the reference', async (compat, expected) => {
    const total = await number(deepSupervisionLoss(goldenMaps(), targets(), { compat }));
    expect(Math.abs(total / expected - 1)).toBeLessThan(1e-5);
  });

  it("is the paper's by default", async () => {
    const total = await number(deepSupervisionLoss(goldenMaps(), targets()));
    expect(Math.abs(total / goldenLosses.total.total_paper - 1)).toBeLessThan(1e-5);
  });

  it('its parts are the terms, and add up with the factor on the edge', async () => {
    const [maps, { mask, edge }] = [goldenMaps(), targets()];
    const parts = deepSupervisionParts(maps, { mask, edge }, { edgeWeight: 0.25 });
    expect(await number(parts.s4)).toBe(await number(structureLoss(maps.s4, mask)));
    expect(await number(parts.edge)).toBe(await number(edgeLoss(maps.edge, edge)));
    const [globalMap, s5, s4, s3, edgeTerm] = await Promise.all(NAMES.map((name) => number(parts[name])));
    expect(await number(parts.total)).toBeCloseTo(globalMap! + s5! + s4! + s3! + 0.25 * edgeTerm!, 5);
  });

  it.each(['paper', 'reference'] as const)(
    '%s: each map gets the gradient of its own term',
    async (compat) => {
      const [maps, { mask, edge }] = [goldenMaps(), targets()];
      const total = (...logits: tf.Tensor[]): tf.Scalar => {
        const given = Object.fromEntries(
          NAMES.map((name, i) => [name, logits[i]]),
        ) as unknown as SupervisedMaps;
        return deepSupervisionLoss(given, { mask, edge }, { compat, edgeWeight: 2 });
      };
      const gradients = tf.grads(total)(NAMES.map((name) => maps[name]));
      for (const [i, name] of NAMES.entries()) {
        const own = tf.grad((x) =>
          name === 'edge'
            ? tf.mul(edgeLoss(x as tf.Tensor4D, edge), 2)
            : structureLoss(x as tf.Tensor4D, mask, { compat }),
        )(maps[name]);
        expectClose(await gradients[i]!.data(), await own.data(), 1e-6);
      }
    },
  );

  it.each(['paper', 'reference'] as const)('%s: full certainty changes nothing', async (compat) => {
    const [maps, given] = [goldenMaps(), targets()];
    const trusted = { ...given, certainty: tf.onesLike(given.mask) };
    const total = await number(deepSupervisionLoss(maps, trusted, { compat }));
    const plain = await number(deepSupervisionLoss(maps, given, { compat }));
    expect(Math.abs(total / plain - 1)).toBeLessThan(1e-5);
  });

  it.each(['paper', 'reference'] as const)(
    '%s: pixels that are not trusted are as if they were not there',
    async (compat) => {
      const [maps, given] = [goldenMaps(), targets()];
      // The lower half is distrusted: whatever its labels say, the loss and its gradient do not change.
      const certainty = tf.concat([tf.ones([2, 24, 64, 1]), tf.zeros([2, 24, 64, 1])], 1) as tf.Tensor4D;
      const spoiled = { mask: given.mask, edge: tf.abs(tf.sub(tf.sub(1, certainty), given.edge)), certainty };
      const loss = ({ mask, edge }: SupervisedTargets) =>
        tf.valueAndGrads((edgeMap: tf.Tensor, s3: tf.Tensor) =>
          deepSupervisionLoss(
            { ...maps, edge: edgeMap as tf.Tensor4D, s3: s3 as tf.Tensor4D },
            { mask, edge, certainty },
            { compat },
          ),
        )([maps.edge, maps.s3]);
      const [a, b] = [loss({ ...given, certainty }), loss(spoiled as SupervisedTargets)];
      expect(await number(b.value)).toBe(await number(a.value));
      for (const slopes of a.grads) {
        const lower = tf.slice4d(slopes as tf.Tensor4D, [0, 24, 0, 0], [-1, -1, -1, -1]);
        expect(await number(tf.max(tf.abs(lower)))).toBe(0);
        expect(await number(tf.max(tf.abs(slopes)))).toBeGreaterThan(0);
      }
      expect(await number(a.value)).not.toBe(await number(deepSupervisionLoss(maps, given, { compat })));
    },
  );

  it('stays finite where nothing is trusted', async () => {
    const given = targets();
    const certainty = tf.zerosLike(given.mask);
    for (const compat of ['paper', 'reference'] as const) {
      expect(await number(deepSupervisionLoss(goldenMaps(), { ...given, certainty }, { compat }))).toBe(0);
    }
  });

  it('keeps no tensor but what it gives', () => {
    const [maps, given] = [goldenMaps(), targets()];
    const before = tf.memory().numTensors;
    tf.dispose(deepSupervisionParts(maps, given));
    expect(tf.memory().numTensors).toBe(before);
    deepSupervisionLoss(maps, given).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('refuses', () => {
  it('an edge factor that is no weight', () => {
    for (const edgeWeight of [-1, Number.NaN, Infinity]) {
      expect(() => deepSupervisionLoss(goldenMaps(), targets(), { edgeWeight })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
    }
  });

  it('targets of another size', () => {
    const mask = tf.zeros([2, 24, 32, 1]) as tf.Tensor4D;
    expect(() => deepSupervisionLoss(goldenMaps(), { mask, edge: mask })).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});
