import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import { ABLATIONS, InfNet, OptionError, writeSafetensors } from '../../src/index.js';
import { GOLDEN_SEED } from '../golden-scheme.js';
import { expectGroupGradients } from '../network/expect-group-gradients.js';
import { overfit } from '../network/overfit.js';
import { maxDifference } from '../values.js';
import { goldenImages, goldenTargets } from '../golden-inputs.js';

const SMALL = { width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 3 } as const;

beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
});

for (const { row, name, options } of ABLATIONS) {
  it(`row ${row} of Table IV, ${name}: five maps, the right gradients, the same when fused, and it learns`, async () => {
    using model = InfNet.create({ ...SMALL, ...options });
    const images = goldenImages(2, 64, 64, GOLDEN_SEED);
    const { partialDecoder, reverseAttention, edgeAttention } = options;
    const has = (prefix: string): boolean =>
      [...model.parameters().keys()].some((parameter) => parameter.startsWith(prefix));
    expect(has('ParDec') && has('rfb2_1')).toBe(partialDecoder);
    expect(has('global_conv')).toBe(!partialDecoder);
    expect(has('ra4') && has('ra2')).toBe(reverseAttention);
    expect(has('edge_conv')).toBe(edgeAttention);
    expect(model.outputs.includes('s3')).toBe(reverseAttention);
    expect(model.outputs.includes('edge')).toBe(edgeAttention);

    await expectGroupGradients(model, images);
    using fused = model.fuse();
    const [plain, folded] = [model.forward(images), fused.forward(images)];
    for (const map of ['globalMap', 's5', 's4', 's3', 'edge'] as const) {
      expect(plain[map].shape).toEqual([2, 64, 64, 1]);
      expect(maxDifference(await plain[map].data(), await folded[map].data()), map).toBeLessThan(1e-5);
    }
    if (!reverseAttention) expect(await plain.s3.data()).toEqual(await plain.globalMap.data());
    if (!edgeAttention) expect(new Set(await plain.edge.data())).toEqual(new Set([0]));

    const { mask } = goldenTargets(2, 64, 64, GOLDEN_SEED);
    const { first, last } = await overfit(model, images, mask, { steps: 20 });
    expect(last / first).toBeLessThan(0.8);
    using again = await InfNet.fromPretrained(
      writeSafetensors(await model.stateDict(), {
        metadata: { 'infnet.architecture': JSON.stringify(model.options) },
      }),
    );
    expect(again.options).toEqual(model.options);
    tf.dispose([images, mask, Object.values(plain), Object.values(folded)]);
  });
}

it('refuses a box that is neither there nor not, and an unknown backbone', () => {
  expect(() => InfNet.create({ ...SMALL, edgeAttention: 'no' as never })).toThrow(/edgeAttention/);
  expect(() => InfNet.create({ ...SMALL, backbone: 'resnet18' as never })).toThrow(OptionError);
});
