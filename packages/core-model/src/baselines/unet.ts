import * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import { DoubleConv } from '../layers/double-conv.js';
import type { ParameterScope, ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { UNetEncoder } from '../layers/unet-encoder.js';
import type { Architecture, Wiring } from '../network/architecture.js';
import { footprintByWidth } from '../network/footprint.js';
import {
  BINARY,
  imageChannels,
  keepAllBelow,
  resolveSliceOptions,
  scaledBy,
  type SliceNetworkOptions,
  type SliceNetworkOutputs,
  sliceTraits,
} from '../network/slice-options.js';
import { concatChannels } from '../ops/index.js';
import { twiceByCorners } from './twice-by-corners.js';
import { UNET_CHANNELS, VGG_BLOCK_NAMES } from './unet-channels.js';

/**
 * U-Net (Ronneberger et al., MICCAI 2015, Fig. 1) of half the channels, with batch norm, zero padding and bilinear
 * upsampling: five resolutions of "VGG blocks" of 32 to 512 channels, named as in the U-Net++ code that is commonly
 * used beside it. 7.853 M parameters, which is what the paper's Table II counts for its "U-Net, VGG16".
 */
export const UNET: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'unet',
  resolveOptions: (options) => resolveSliceOptions(BINARY, options),
  build: (store, options) => new UNet(store, options),
  traits: (options) => sliceTraits(options, 16),
  keepAllUpTo: keepAllBelow(100_000),
  footprint: footprintByWidth({
    perPixel: { predict: 1_830, train: 7_350, 'train-recomputing': 6_050 },
    largestPerPixel: { predict: 384, train: 1_170, 'train-recomputing': 1_170 },
  }),
};

class UNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #down: UNetEncoder;
  readonly #up: readonly DoubleConv[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = UNET_CHANNELS.map(scaledBy(width));
    const names = VGG_BLOCK_NAMES;
    const place = (level: number, column = 0): ParameterScope => root.child(`conv${level}_${column}`);
    this.#down = new UNetEncoder({ inputs: imageChannels(prior), channels, place, names });
    this.#up = [3, 2, 1, 0].map((level) => {
      const [inputs, outputs] = [channels[level]! + channels[level + 1]!, channels[level]!];
      return new DoubleConv(place(level, 4 - level), { inputs, outputs, names });
    });
    this.#classify = new Conv(root, 'final', { inputs: channels[0]!, outputs: classes });
    this.units = [this.#down, ...this.#up].flatMap(({ units }) => units).concat(this.#classify);
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const skips = this.#down.forward(images, context);
    let x = skips.at(-1)!;
    for (const [i, block] of this.#up.entries()) {
      x = tf.tidy(() => block.forward(concatChannels([skips[3 - i]!, twiceByCorners(x)]), context)); // [B,H/2^(3-i),W/2^(3-i),.]
    }
    return { logits: this.#classify.forward(x) };
  }
}
