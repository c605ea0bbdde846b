import * as tf from '@tensorflow/tfjs-core';
import { DenseNet } from '../backbones/densenet.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { Architecture, Wiring } from '../network/architecture.js';
import { footprintByWidth } from '../network/footprint.js';
import {
  BINARY,
  checkBlocks,
  imageChannels,
  keepAllBelow,
  resolveSliceOptions,
  scaledBy,
  type SliceNetworkOptions,
  type SliceNetworkOutputs,
  sliceTraits,
} from '../network/slice-options.js';
import { upsampleNearest2x } from '../ops/index.js';

/** What Dense-UNet is made by. */
export interface DenseUNetOptions extends SliceNetworkOptions {
  /** Layers of the four dense blocks. Default DenseNet-161's [6, 12, 36, 24]. */
  readonly blocks: readonly [number, number, number, number];
}

const BLOCKS: DenseUNetOptions['blocks'] = [6, 12, 36, 24];
/** Channels of the decoder's last convolution, before the multiplier. */
const LAST = 64;

/**
 * Dense-UNet, the two-dimensional half of H-DenseUNet (Li et al., TMI 2018, Fig. 3 and Table I): DenseNet-161 as the
 * encoder; five times nearest upsampling and 3x3 convolution as the decoder, to which the encoder's features are added
 * from an eighth of the image's size on. Without dropout and without the "scale" layers behind each of the encoder's
 * norms, which repeat what the norm's own gamma and beta do.
 *
 * 44.862 M parameters. The Inf-Net paper's Table II counts 45.082 M; the difference is what the scale layers would have by
 * our count, 219,936, from which follows that its network is this one, not that it was seen.
 */
export const DENSE_UNET: Architecture<DenseUNetOptions, SliceNetworkOutputs> = {
  name: 'dense-unet',
  resolveOptions: (options) => {
    const { blocks = BLOCKS } = options;
    return { ...resolveSliceOptions(BINARY, options), blocks: checkBlocks(blocks) };
  },
  build: (store, options) => new DenseUNet(store, options),
  traits: (options) => sliceTraits(options, 32),
  keepAllUpTo: keepAllBelow(60_000),
  footprint: footprintByWidth({
    perPixel: { predict: 3_250, train: 12_000, 'train-recomputing': 4_000 },
    largestPerPixel: { predict: 384, train: 900, 'train-recomputing': 900 },
  }),
};

class DenseUNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #encoder: DenseNet;
  readonly #up: readonly ConvNorm[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior, blocks }: DenseUNetOptions) {
    const root = store.scope('');
    this.#encoder = new DenseNet(root.child('features'), { width, blocks, inputs: imageChannels(prior) });
    const { stem, first, second, last } = this.#encoder.channels;
    // A step's channels are those of the feature that is added next: 768, 384, 96, 96, and 64 at the image's size.
    const outputs = [second, first, stem, stem, scaledBy(width)(LAST)];
    this.#up = outputs.map((channels, i) =>
      namedConvNorm(root.child(`up${i + 1}`), 'conv', 'norm', {
        inputs: i === 0 ? last : outputs[i - 1]!,
        outputs: channels,
        kernel: 3,
        pad: 1,
        bias: true,
      }),
    );
    this.#classify = new Conv(root, 'classifier', { inputs: outputs.at(-1)!, outputs: classes });
    this.units = [...this.#encoder.units, ...this.#up, this.#classify];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const { stem, first, second, last } = this.#encoder.forward(images, context);
    const features = [undefined, second, first, stem];
    let x = last; // [B,H/32,W/32,2208]
    for (const [i, up] of this.#up.entries()) {
      const feature = features[i];
      x = runBlock(context, feature ? [x, feature] : [x], up.variables, ([below, added], inner) => {
        const twice = upsampleNearest2x(below!);
        return up.forward(added ? tf.add(twice, added) : twice, inner, { relu: true });
      }); // [B,H/2^(4-i),W/2^(4-i),.]
    }
    return { logits: this.#classify.forward(x) };
  }
}
