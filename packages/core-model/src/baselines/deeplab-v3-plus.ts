import type * as tf from '@tensorflow/tfjs-core';
import { ResNet, type ResNetAtrous } from '../backbones/resnet.js';
import { OptionError } from '../errors.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import type { Architecture, Wiring } from '../network/architecture.js';
import { footprintByWidth } from '../network/footprint.js';
import {
  checkBlocks,
  imageChannels,
  keepAllBelow,
  MULTI_CLASS,
  resolveSliceOptions,
  scaledBy,
  type SliceNetworkOptions,
  type SliceNetworkOutputs,
  sliceTraits,
} from '../network/slice-options.js';
import { concatChannels, resizeBilinear } from '../ops/index.js';
import { AtrousPyramid } from './atrous-pyramid.js';

/** What DeepLabV3+ is made by. */
export interface DeepLabV3PlusOptions extends SliceNetworkOptions {
  /** How many times smaller than the image the deepest feature is. Default 16. */
  readonly outputStride: 8 | 16;
  /** Blocks of the backbone's four layers. Default ResNet-101's [3, 4, 23, 3]. */
  readonly blocks: readonly [number, number, number, number];
}

/** Dilations of the backbone's layers and of the pyramid, by output stride (Chen et al. 2017, sections 3.2 and 3.3). */
const ATROUS = {
  16: {
    backbone: { strides: [1, 2, 2, 1], dilations: [1, 1, 1, 2], multiGrid: [1, 2, 4] },
    rates: [6, 12, 18],
  },
  8: {
    backbone: { strides: [1, 2, 1, 1], dilations: [1, 1, 2, 4], multiGrid: [1, 2, 4] },
    rates: [12, 24, 36],
  },
} as const satisfies Record<number, { backbone: ResNetAtrous; rates: readonly [number, number, number] }>;

/** Channels of the decoder, and of the shallow feature in it, before the multiplier. */
const DECODER = 256;
const SHALLOW = 48;

/**
 * DeepLabV3+ (Chen et al., ECCV 2018, Fig. 2) on ResNet-101: atrous spatial pyramid pooling on a feature whose
 * resolution dilation preserves, and a small decoder that joins it with the quarter-size feature. Dilations and
 * multi-grid of DeepLabV3 (Chen et al. 2017). Without dropout, which the paper does not mention.
 *
 * The paper's Table III compares with output strides 8 and 16, and names neither backbone nor size.
 */
export const DEEPLAB_V3_PLUS: Architecture<DeepLabV3PlusOptions, SliceNetworkOutputs> = {
  name: 'deeplabv3+',
  resolveOptions: (options) => {
    const { outputStride = 16, blocks = [3, 4, 23, 3] } = options;
    if (!Object.hasOwn(ATROUS, outputStride)) {
      throw new OptionError(`outputStride is ${outputStride}`, 'give 8 or 16');
    }
    return { ...resolveSliceOptions(MULTI_CLASS, options), outputStride, blocks: checkBlocks(blocks) };
  },
  build: (store, options) => new DeepLabV3Plus(store, options),
  traits: (options) => sliceTraits(options, 16),
  keepAllUpTo: keepAllBelow(35_000),
  footprint: footprintByWidth({
    perPixel: { predict: 1_300, train: 6_500, 'train-recomputing': 2_750 },
    largestPerPixel: { predict: 80, train: 620, 'train-recomputing': 620 },
  }),
};

class DeepLabV3Plus implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #backbone: ResNet;
  readonly #pyramid: AtrousPyramid;
  readonly #shallow: ConvNorm;
  readonly #join: readonly ConvNorm[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior, outputStride, blocks }: DeepLabV3PlusOptions) {
    const root = store.scope('');
    const scaled = scaledBy(width);
    const { backbone: atrous, rates } = ATROUS[outputStride];
    const inputs = imageChannels(prior);
    this.#backbone = new ResNet(root.child('backbone'), { width, blocks, inputs, atrous });
    const { f2, f5 } = this.#backbone.channels;
    const [outputs, shallow] = [scaled(DECODER), scaled(SHALLOW)];
    this.#pyramid = new AtrousPyramid(root.child('aspp'), { inputs: f5, outputs, rates });
    const decoder = root.child('decoder');
    this.#shallow = namedConvNorm(decoder, 'conv1', 'bn1', { inputs: f2, outputs: shallow });
    const join = (index: number, from: number): ConvNorm =>
      namedConvNorm(decoder.child('last_conv'), `${index}`, `${index + 1}`, {
        inputs: from,
        outputs,
        kernel: 3,
        pad: 1,
      });
    this.#join = [join(0, shallow + outputs), join(4, outputs)];
    this.#classify = new Conv(decoder, 'last_conv.8', { inputs: outputs, outputs: classes });
    this.units = [
      ...this.#backbone.units,
      ...this.#pyramid.units,
      this.#shallow,
      ...this.#join,
      this.#classify,
    ];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const [, height, width] = images.shape;
    const { f2, f5 } = this.#backbone.forward(images, context);
    const deep = this.#pyramid.forward(f5, context); // [B,H/stride,W/stride,256]
    const variables = variablesOf([this.#shallow, ...this.#join, this.#classify]);
    const logits = runBlock(context, [f2, deep], variables, ([quarter, pooled], inner) => {
      const shallow = this.#shallow.forward(quarter!, inner, { relu: true }); // [B,H/4,W/4,48]
      const size = [shallow.shape[1], shallow.shape[2]] as const;
      const joined = concatChannels([resizeBilinear(pooled!, size, { alignCorners: true }), shallow]);
      return this.#classify.forward(
        this.#join.reduce((y, conv) => conv.forward(y, inner, { relu: true }), joined),
      );
    }); // [B,H/4,W/4,classes]
    return { logits: resizeBilinear(logits, [height, width], { alignCorners: true }) };
  }
}
