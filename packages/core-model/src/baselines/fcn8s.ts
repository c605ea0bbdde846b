import * as tf from '@tensorflow/tfjs-core';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import { ConvTranspose } from '../layers/conv-transpose.js';
import type { ParameterScope, ParameterStore } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import type { Architecture, Wiring } from '../network/architecture.js';
import { footprintByWidth } from '../network/footprint.js';
import {
  imageChannels,
  keepAllBelow,
  MULTI_CLASS,
  resolveSliceOptions,
  scaledBy,
  type SliceNetworkOptions,
  type SliceNetworkOutputs,
  sliceTraits,
} from '../network/slice-options.js';
import { maxPool2x2 } from '../ops/index.js';

/** Channels and convolutions of VGG16's five stages, before the multiplier. */
const STAGES = [
  { channels: 64, convs: 2 },
  { channels: 128, convs: 2 },
  { channels: 256, convs: 3 },
  { channels: 512, convs: 3 },
  { channels: 512, convs: 3 },
] as const;
/** Channels of the two layers that were fully connected once. */
const CONNECTED = 4096;

/**
 * FCN-8s (Long et al., CVPR 2015, Fig. 3 and section 4.2): VGG16 made fully convolutional; the scores of its last three
 * pools meet by addition after learned upsampling that starts as bilinear. The first convolution pads by 1 and `fc6` by
 * 3, where the authors pad the image by 100 and crop: the same alignment for images whose sides are multiples of 32,
 * without the margin. No dropout.
 *
 * The paper's Table III compares with it, and guides it with the infection map: `{ prior: true }`.
 */
export const FCN8S: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'fcn8s',
  resolveOptions: (options) => resolveSliceOptions(MULTI_CLASS, options),
  build: (store, options) => new Fcn8s(store, options),
  traits: (options) => sliceTraits(options, 32),
  keepAllUpTo: keepAllBelow(180_000),
  footprint: footprintByWidth({
    perPixel: { predict: 1_090, train: 7_800, 'train-recomputing': 7_800 },
    largestPerPixel: { predict: 256, train: 2_360, 'train-recomputing': 2_360 },
  }),
};

class Fcn8s implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #stages: readonly (readonly Conv[])[];
  readonly #connected: readonly Conv[];
  /** Of the fully connected layers, of the fourth pool, and of the third. */
  readonly #scores: { readonly last: Conv; readonly pool4: Conv; readonly pool3: Conv };
  readonly #upscores: Readonly<Record<'last' | 'pool4' | 'whole', ConvTranspose>>;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const scaled = scaledBy(width);
    this.#stages = STAGES.map((_, i) => stage(root, i, scaled, imageChannels(prior)));
    const [pool3, pool4, pool5] = [2, 3, 4].map((i) => scaled(STAGES[i]!.channels)) as [
      number,
      number,
      number,
    ];
    const hidden = scaled(CONNECTED);
    const shared = { outputs: hidden, relu: true, initialiser: 'he-fan-out' } as const;
    this.#connected = [
      new Conv(root, 'fc6', { inputs: pool5, kernel: 7, pad: 3, ...shared }),
      new Conv(root, 'fc7', { inputs: hidden, ...shared }),
    ];
    const score = (name: string, inputs: number): Conv => new Conv(root, name, { inputs, outputs: classes });
    this.#scores = {
      last: score('score_fr', hidden),
      pool3: score('score_pool3', pool3),
      pool4: score('score_pool4', pool4),
    };
    const up = (name: string, factor: number): ConvTranspose =>
      new ConvTranspose(root, name, {
        inputs: classes,
        outputs: classes,
        kernel: 2 * factor,
        stride: factor,
        pad: factor / 2,
        bias: false,
        initialiser: 'bilinear',
      });
    this.#upscores = { last: up('upscore2', 2), whole: up('upscore8', 8), pool4: up('upscore_pool4', 2) };
    const heads = [...Object.values(this.#scores), ...Object.values(this.#upscores)];
    this.units = [...this.#stages.flat(), ...this.#connected, ...heads];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const pools: tf.Tensor4D[] = [];
    let x: tf.Tensor4D | undefined;
    for (const convs of this.#stages) {
      const inputs = x ? [x] : []; // the images need no gradient
      x = runBlock(context, inputs, variablesOf(convs), ([below]) =>
        maxPool2x2(convs.reduce((y, conv) => conv.forward(y), below ?? images)),
      );
      pools.push(x);
    }
    const [, , pool3, pool4, pool5] = pools as [
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    const score = runBlock(context, [pool5], variablesOf([...this.#connected, this.#scores.last]), ([y]) =>
      this.#scores.last.forward(this.#connected.reduce((z, conv) => conv.forward(z), y!)),
    ); // [B,H/32,W/32,classes]
    const atSixteenth = tf.add(this.#upscores.last.forward(score), this.#scores.pool4.forward(pool4));
    const atEighth = tf.add(
      this.#upscores.pool4.forward(atSixteenth as tf.Tensor4D),
      this.#scores.pool3.forward(pool3),
    );
    return { logits: this.#upscores.whole.forward(atEighth as tf.Tensor4D) };
  }
}

function stage(
  root: ParameterScope,
  index: number,
  scaled: (channels: number) => number,
  inputs: number,
): Conv[] {
  const { channels, convs } = STAGES[index]!;
  const before = index === 0 ? inputs : scaled(STAGES[index - 1]!.channels);
  return Array.from(
    { length: convs },
    (_, j) =>
      new Conv(root, `conv${index + 1}_${j + 1}`, {
        inputs: j === 0 ? before : scaled(channels),
        outputs: scaled(channels),
        kernel: 3,
        pad: 1,
        relu: true,
        initialiser: 'he-fan-out',
        constantInput: index === 0 && j === 0,
      }),
  );
}
