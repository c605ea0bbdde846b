import * as tf from '@tensorflow/tfjs';
import {
  conv2d,
  type ForwardOptions,
  InfNet,
  type InfNetOutputs,
  readSafetensors,
  recompute,
  type StateDict,
  writeSafetensors,
} from '../../src/index.js';
import {
  GOLDEN_SEED,
  goldenImage,
  goldenInput,
  goldenMask,
  goldenTarget,
  goldenTensor,
} from '../golden-scheme.js';
import { maxDifference, noise } from '../values.js';
import {
  type ConformanceCase,
  type ConformanceGolden,
  require,
  requireBelow,
  type SmallNetworkGolden,
} from './case.js';

/** Some 100 times the deviation of PyTorch's own float32 from float64, which the golden file tells. */
const MAPS = 5e-5;
const LOSS = 1e-4;
/** Relative, of each tensor's L2 norm; 2e-2 where the batch's own statistics are in the gradient. */
const FROZEN_GRADIENT = 1e-3;
const BATCH_GRADIENT = 2e-2;

const MAP_NAMES = ['globalMap', 's5', 's4', 's3', 'edge'] as const;

/** The whole of a narrow Inf-Net, forward and one training step, against numbers of PyTorch. */
export const NETWORK_CASES: readonly ConformanceCase[] = [
  {
    name: 'small Inf-Net: forward as PyTorch, trainable and fused',
    async run(golden) {
      using model = smallNetwork(golden.small);
      using fused = model.fuse();
      const { images } = batchOf(golden.small);
      for (const network of [model, fused]) {
        const maps = network.forward(images);
        for (const name of MAP_NAMES) {
          const worst = maxDifference(await maps[name].data(), golden.maps.tensor(name).data);
          requireBelow(worst, MAPS, `${network.form} ${name}`);
        }
      }
    },
  },
  {
    name: 'small Inf-Net: loss, every gradient and a step as PyTorch, statistics frozen',
    async run({ small }) {
      using model = smallNetwork(small);
      const { frozen } = small;
      const { loss, gradients } = await lossAndGradients(model, small, { training: false });
      requireBelow(Math.abs(loss - frozen.loss), LOSS, 'loss');
      const parameters = model.parameters();
      require(parameters.size === Object.keys(frozen.gradients).length, 'number of parameters');
      for (const [name, gradient] of gradients) {
        const [norm, ...samples] = frozen.gradients[name]!;
        const values = await inPytorchOrder(gradient);
        const l2 = Math.hypot(...values);
        requireBelow(Math.abs(l2 - norm), FROZEN_GRADIENT * norm + 1e-7, `gradient norm of ${name}`);
        const picked = samples.map((_, j) => values[Math.floor((j * (values.length - 1)) / 3)]!);
        requireBelow(maxDifference(picked, samples), FROZEN_GRADIENT * norm + 1e-7, `gradient of ${name}`);
        const variable = parameters.get(name)!;
        tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, frozen.learningRate))));
      }
      const { images, mask } = batchOf(small);
      const [after] = await tf.tidy(() => lossOf(model.forward(images), mask)).data();
      requireBelow(Math.abs(after! - frozen.lossAfterStep), LOSS, 'loss after the step');
    },
  },
  {
    name: 'small Inf-Net: loss and gradients as PyTorch, normalised by the batch, recomputed',
    async run({ small }) {
      using model = smallNetwork(small);
      const { loss, gradients } = await lossAndGradients(model, small, { training: true, recompute: true });
      requireBelow(Math.abs(loss - small.batchNorm.loss), LOSS, 'loss');
      for (const [name, gradient] of gradients) {
        const norm = small.batchNorm.gradientNorms[name]!;
        const l2 = Math.hypot(...((await gradient.data()) as Float32Array));
        requireBelow(Math.abs(l2 - norm), BATCH_GRADIENT * norm + 1e-5, `gradient norm of ${name}`);
      }
    },
  },
  {
    name: 'small Inf-Net: state dict through safetensors and back, and no tensor left behind',
    async run({ small }) {
      const before = tf.memory().numTensors;
      const model = smallNetwork(small);
      const dict = readSafetensors(writeSafetensors(await model.stateDict()));
      for (const [name, { data }] of goldenState(small)) {
        if (data instanceof BigInt64Array) continue;
        requireBelow(maxDifference(dict.get(name)!.data as Float32Array, data), 1e-30, name);
      }
      const { images, mask } = batchOf(small);
      const settled = tf.memory().numTensors;
      const probability = model.predict(images);
      require((await probability.data()).every((p) => p >= 0 && p <= 1), 'a probability outside [0, 1]');
      probability.dispose();
      require(tf.memory().numTensors === settled, 'predict left tensors behind');
      tf.dispose([images, mask]);
      model.dispose();
      require(tf.memory().numTensors === before, 'the network left tensors behind');
    },
  },
  {
    name: 'recompute gives the gradients of the plain block, for inputs and variables, and frees its tensors',
    async run() {
      const x = noise([2, 6, 6, 3]);
      const kernel = tf.variable(noise([3, 3, 3, 3], 4));
      const block = (y: tf.Tensor4D): tf.Tensor4D => tf.mul(tf.relu(conv2d(y, kernel, { pad: 1 })), y);
      const passes: string[] = [];
      const twice = (y: tf.Tensor4D, checkpoint: boolean): tf.Tensor4D => {
        if (!checkpoint) return block(block(y));
        return recompute([y], [kernel], ([z], pass) => {
          passes.push(pass);
          return block(block(z as tf.Tensor4D));
        });
      };
      const run = (checkpoint: boolean): tf.Tensor[] =>
        tf.grads((y: tf.Tensor) => tf.sum(tf.square(twice(tf.mul(y, 2), checkpoint))))([x, kernel]);
      const plain = run(false);
      const before = tf.memory().numTensors;
      const checkpointed = run(true);
      require(tf.memory().numTensors - before === 2, 'recompute left tensors behind');
      require(passes.join() === 'forward,recompute', `passes: ${passes.join()}`);
      for (const [i, gradient] of plain.entries()) {
        const worst = maxDifference(await checkpointed[i]!.data(), await gradient.data());
        requireBelow(worst, 1e-5, `gradient ${i}`);
      }
      kernel.dispose();
    },
  },
];

function goldenState({ shapes }: SmallNetworkGolden): StateDict {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { dtype: 'float32', shape, data: goldenTensor({ name, shape }) },
    ]),
  );
}

function smallNetwork(small: SmallNetworkGolden): InfNet {
  const model = InfNet.create(small.options);
  model.loadStateDict(goldenState(small));
  return model;
}

function batchOf({ batch: [b, , h, w] }: ConformanceGolden['small']): {
  images: tf.Tensor4D;
  mask: tf.Tensor4D;
} {
  const images = tf.tensor4d(goldenInput(goldenImage(GOLDEN_SEED, b, h, w, 3), 3), [b, h, w, 3]);
  return { images, mask: tf.tensor4d(goldenTarget(goldenMask(GOLDEN_SEED, b, h, w)), [b, h, w, 1]) };
}

/** The sum over the five maps of the mean squared error of the probabilities. */
function lossOf(maps: InfNetOutputs, mask: tf.Tensor4D): tf.Scalar {
  const errors = MAP_NAMES.map((name) => tf.mean(tf.square(tf.sub(tf.sigmoid(maps[name]), mask))));
  return tf.addN(errors).asScalar();
}

/** The loss and its gradient by every parameter. */
async function lossAndGradients(
  model: InfNet,
  small: SmallNetworkGolden,
  options: ForwardOptions,
): Promise<{ loss: number; gradients: ReadonlyMap<string, tf.Tensor> }> {
  const { images, mask } = batchOf(small);
  const parameters = model.parameters();
  const { value, grads } = tf.variableGrads(
    () => lossOf(model.forward(images, options), mask),
    [...parameters.values()],
  );
  const gradients = [...parameters].map(([name, variable]) => [name, grads[variable.name]!] as const);
  return { loss: (await value.data())[0]!, gradients: new Map(gradients) };
}

/** Values in the layout of the reference: kernels OIHW. */
async function inPytorchOrder(x: tf.Tensor): Promise<Float32Array> {
  return (await (x.rank === 4 ? tf.transpose(x, [3, 2, 0, 1]) : x).data()) as Float32Array;
}
