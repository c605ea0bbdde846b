import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BackendLimitError,
  createModel,
  InfNet,
  MODEL_NAMES,
  type ModelName,
  type Network,
  selectBackend,
} from '../../src/index.js';
import type { RunKind } from '../../src/backend/check-run.js';

const KINDS: readonly RunKind[] = ['predict', 'train', 'train-recomputing'];
const SIZE = { batch: 1, height: 288, width: 288 };

beforeAll(async () => {
  await selectBackend('wasm');
});

/** Where a quarter is too narrow for what rules at width 1, or too wide for a test. */
const WIDTHS: Partial<Record<ModelName, number>> = {
  'gated-unet': 1,
  'dense-unet': 0.5,
  'multi-class-unet': 0.5,
  fcn8s: 1 / 16,
};

/** Every network, so narrow that its weights are next to nothing beside the tensors between its layers. */
const NETWORKS: readonly (readonly [name: string, make: () => Network | InfNet])[] = [
  ...MODEL_NAMES.map((name) => {
    const width = WIDTHS[name] ?? 0.25;
    const more = name === 'inf-net' ? { channels: 8 } : {};
    return [name, () => createModel(name, { width, ...more })] as const;
  }),
  ...(['resnet50', 'vgg16'] as const).map(
    (backbone) =>
      [
        `inf-net on ${backbone}`,
        () => InfNet.create({ backbone, width: backbone === 'vgg16' ? 0.5 : 0.25, channels: 8 }),
      ] as const,
  ),
];

describe.each(NETWORKS)('the estimated footprint of %s', (_, make) => {
  it.each(KINDS)('is near the peak that TensorFlow.js tells: %s', async (kind) => {
    using model = make();
    const { batch, height, width } = SIZE;
    const images = tf.zeros<tf.Rank.R4>([batch, height, width, model.inputChannels]);
    const before = tf.memory().numBytes;
    const { peakBytes, kernels } = await tf.profile(() => {
      run(model, images, kind);
      return tf.scalar(0);
    });
    images.dispose();
    const { totalBytes, tensorBytes } = model.needOf(kind)!(SIZE);
    expect(totalBytes / (peakBytes - before)).toBeGreaterThan(kind === 'predict' ? 0.9 : 0.6);
    expect(totalBytes / (peakBytes - before)).toBeLessThan(2.1); // more is needed without our kernels
    const largest = Math.max(
      ...kernels
        .filter(({ name }) => name !== 'InfnetTransformKernel') // on wasm only, which knows no largest tensor
        .flatMap((one) => one.outputShapes.map((shape) => 4 * tf.util.sizeFromShape(shape))),
    );
    expect(tensorBytes).toBeGreaterThanOrEqual(largest);
  });
});

it('every network says what would fit, before it computes', () => {
  for (const [name, make] of NETWORKS) {
    using model = make();
    const one = tf.zeros<tf.Rank.R4>([1, 32, 32, model.inputChannels]);
    // A tensor of this shape without the memory: what is checked comes before the first op.
    const shape = [4096, 352, 352, model.inputChannels];
    const images = Object.create(one, { shape: { value: shape } }) as tf.Tensor4D;
    try {
      model.forward(images);
      expect.unreachable(name);
    } catch (error) {
      expect(error, name).toBeInstanceOf(BackendLimitError);
      expect((error as BackendLimitError).hint, name).toMatch(/^Take at most \d+ at once\.$/);
    }
    one.dispose();
  }
});

function run(model: Network | InfNet, images: tf.Tensor4D, kind: RunKind): void {
  if (kind === 'predict') {
    model.predict(images).dispose();
    return;
  }
  const options = { training: true, recompute: kind === 'train-recomputing' };
  const { value, grads } = tf.variableGrads(
    () => tf.addN(Object.values(model.forward(images, options)).map((map) => tf.mean(map))).asScalar(),
    [...model.parameters().values()],
  );
  tf.dispose([value, grads]);
}
