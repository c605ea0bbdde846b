import { deepSupervisionParts } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGoldenJson } from '../../core-model/test/golden-files.js';
import { GOLDEN_SEED } from '../../core-model/test/golden-scheme.js';
import {
  goldenImages,
  goldenNetwork,
  goldenTargets,
  MAPS,
} from '../../core-model/test/inf-net/golden-network.js';
import { Adam } from '../src/optim/adam.js';
import { clipElements } from '../src/optim/clip.js';
import { FlatGroups } from '../src/optim/flat-groups.js';

interface GoldenRun {
  batch: [number, number, number, number];
  lr: number;
  steps: Array<{ loss: Record<string, number>; params: Record<string, { l2: number }> }>;
  grad_step0: { tensors: Record<string, [sum: number, l2: number, ...samples: number[]]> };
  float32_grad_l2_rel_dev: { 'tensors_with_l2_below_1e-9': string[] };
}

/** Relative tolerances of the reference's specification; `share` of the gradients have to keep theirs. */
const CASES = [
  {
    kind: 'res2net50',
    file: 'released-frozenbn-lr0.0001-2x96x96',
    compat: 'reference',
    training: false,
    loss: 1e-3,
    gradient: 1e-3,
    share: 0.9,
  },
  {
    kind: 'res2net50',
    file: 'paper-frozenbn-lr0.0001-2x64x96',
    compat: 'paper',
    training: false,
    loss: 1e-3,
    gradient: 1e-3,
    share: 0.9,
  },
  {
    kind: 'resnet50',
    file: 'released-frozenbn-lr0.0001-2x64x64',
    compat: 'reference',
    training: false,
    loss: 1e-3,
    gradient: 1e-3,
    share: 0.9,
  },
  {
    kind: 'vgg16',
    file: 'released-frozenbn-lr0.0001-2x64x64',
    compat: 'reference',
    training: false,
    loss: 1e-3,
    gradient: 1e-3,
    share: 0.9,
  },
  {
    kind: 'res2net50',
    file: 'released-batchbn-lr1e-06-2x96x96',
    compat: 'reference',
    training: true,
    loss: 2e-3,
    gradient: 5e-2,
    share: 1,
  },
] as const;

/** In double precision: a float32 sum of two million squares is off by more than the tolerance. */
async function l2(x: tf.Tensor): Promise<number> {
  return Math.sqrt(((await x.data()) as Float32Array).reduce((sum, value) => sum + value * value, 0));
}

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

describe('training as the reference trains, on wasm', () => {
  for (const { kind, file, compat, training, loss: lossBar, gradient: gradientBar, share } of CASES) {
    it(`${kind}, ${file}: losses, every gradient of the first step, weights after each step`, async () => {
      const golden = readGoldenJson<GoldenRun>(`train-${kind}-${file}.json`);
      const [b, , h, w] = golden.batch;
      const model = goldenNetwork(kind);
      const variables = model.parameters();
      const groups = new FlatGroups(variables.values());
      const adam = new Adam(groups);
      for (const [t, step] of golden.steps.entries()) {
        const images = goldenImages(b, h, w, `${GOLDEN_SEED}-step${t}`);
        const targets = goldenTargets(b, h, w, `${GOLDEN_SEED}-step${t}`);
        const terms: Record<string, tf.Scalar> = {};
        const { value, grads } = tf.variableGrads(() => {
          const parts = deepSupervisionParts(model.forward(images, { training }), targets, { compat });
          for (const [name, part] of Object.entries(parts)) terms[name] = tf.keep(part.clone());
          return parts.total;
        }, [...variables.values()]);
        for (const [ours, theirs] of Object.entries({ ...MAPS, edge: 'edge', total: 'total' })) {
          const [term] = await terms[ours]!.data();
          expect(Math.abs(term! / step.loss[theirs]! - 1), `step ${t} ${ours}`).toBeLessThan(lossBar);
        }
        if (t === 0) {
          const zero = golden.float32_grad_l2_rel_dev['tensors_with_l2_below_1e-9'];
          const names = Object.keys(golden.grad_step0.tensors);
          expect(new Set(variables.keys())).toEqual(new Set(names));
          const deviations: number[] = [];
          for (const name of names.filter((key) => !zero.includes(key))) {
            const [, expected] = golden.grad_step0.tensors[name]!;
            deviations.push(Math.abs((await l2(grads[variables.get(name)!.name]!)) / expected - 1));
          }
          const within = deviations.filter((deviation) => deviation < gradientBar).length;
          expect(within / deviations.length).toBeGreaterThanOrEqual(share);
        }
        const vectors = groups.gather((variable) => grads[variable.name]!);
        const clipped = clipElements(vectors, 0.5);
        adam.apply(clipped, golden.lr);
        for (const [name, { l2: expected }] of Object.entries(step.params)) {
          expect(Math.abs((await l2(variables.get(name)!)) / expected - 1), `step ${t} ${name}`).toBeLessThan(
            1e-4,
          );
        }
        tf.dispose([
          value,
          clipped,
          images,
          Object.values(grads),
          Object.values(terms),
          targets.mask,
          targets.edge,
        ]);
      }
      adam.dispose();
      model.dispose();
    });
  }
});
