import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { boundaryWeight, edgeLoss, structureLoss, weightedBceLoss, weightedIouLoss } from '../src/index.js';

type Case = { shape: [number, number, number, number]; f64: Record<string, number> };
const values = JSON.parse(readFileSync(new URL('golden/losses.json', import.meta.url), 'utf8')) as Record<
  string,
  Case
>;
const bytes = readFileSync(new URL('golden/losses.safetensors', import.meta.url));
const headerSize = Number(bytes.readBigUInt64LE(0));
const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerSize)) as Record<
  string,
  { data_offsets: [number, number] }
>;

function golden(name: string): Float32Array {
  const [from, to] = header[name]!.data_offsets;
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + 8 + headerSize + from, bytes.byteOffset + 8 + headerSize + to),
  );
}

for (const backend of ['wasm', 'cpu'] as const) {
  describe(backend, () => {
    beforeAll(async () => {
      expect(await tf.setBackend(backend)).toBe(true);
    });
    for (const id of ['c0', 'c1', 'c2', 'c3', 'c4']) {
      it(`${id}: values and gradients of the reference`, async () => {
        const { shape, f64 } = values[id]!;
        const [b, , h, w] = shape; // one channel: NCHW and NHWC are the same bytes
        const tensor = (name: string): tf.Tensor4D => tf.tensor4d(golden(`${id}.${name}`), [b, h, w, 1]);
        const [logits, mask, edge] = [tensor('logits'), tensor('mask'), tensor('edge')];
        const weight = await boundaryWeight(mask).data();
        golden(`${id}.weight`).forEach((expected, i) =>
          expect(Math.abs(weight[i]! - expected)).toBeLessThan(5e-6),
        );
        const losses: Record<string, (x: tf.Tensor4D) => tf.Scalar> = {
          wiou: (x) => weightedIouLoss(x, mask),
          wbce_paper: (x) => weightedBceLoss(x, mask),
          wbce_released: (x) => weightedBceLoss(x, mask, { compat: 'reference' }),
          joint_released: (x) => structureLoss(x, mask, { compat: 'reference' }),
          joint_paper: (x) => structureLoss(x, mask),
          edge_bce: (x) => edgeLoss(x, edge),
        };
        for (const [name, loss] of Object.entries(losses)) {
          const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor4D))(logits);
          expect(Math.abs((await value.data())[0]! / f64[name]! - 1), name).toBeLessThan(1e-5);
          if (name === 'joint_paper') continue; // its gradient is not in the file
          const expected = golden(`${id}.grad.${name}`);
          const largest = expected.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
          const ours = await grad.data();
          expected.forEach((x, i) => expect(Math.abs(ours[i]! - x)).toBeLessThan(1e-5 * largest + 1e-12));
        }
      });
    }
  });
}
