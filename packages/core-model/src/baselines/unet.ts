import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import { DoubleConv } from '../layers/double-conv.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { Architecture, Wiring } from '../network/architecture.js';
import {
  BINARY,
  keepAllBelow,
  resolveSliceOptions,
  scaledBy,
  type SliceNetworkOptions,
  type SliceNetworkOutputs,
  sliceTraits,
} from '../network/slice-options.js';
import { concatChannels, maxPool2x2 } from '../ops/index.js';
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
};

class UNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #down: readonly DoubleConv[];
  readonly #up: readonly DoubleConv[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = UNET_CHANNELS.map(scaledBy(width));
    const block = (level: number, column: number, inputs: number): DoubleConv =>
      new DoubleConv(root.child(`conv${level}_${column}`), {
        inputs,
        outputs: channels[level]!,
        names: VGG_BLOCK_NAMES,
      });
    this.#down = channels.map((_, level) =>
      block(level, 0, level === 0 ? (prior ? 6 : 3) : channels[level - 1]!),
    );
    this.#up = [3, 2, 1, 0].map((level) => block(level, 4 - level, channels[level]! + channels[level + 1]!));
    this.#classify = new Conv(root, 'final', { inputs: channels[0]!, outputs: classes });
    this.units = [...[...this.#down, ...this.#up].flatMap(({ units }) => units), this.#classify];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const skips: tf.Tensor4D[] = [];
    let x = images;
    for (const [level, block] of this.#down.entries()) {
      x = block.forward(level === 0 ? x : maxPool2x2(x), context); // [B,H/2^level,W/2^level,.]
      skips.push(x);
    }
    for (const [i, block] of this.#up.entries()) {
      x = block.forward(concatChannels([skips[3 - i]!, twiceByCorners(x)]), context); // [B,H/2^(3-i),W/2^(3-i),.]
    }
    return { logits: this.#classify.forward(x) };
  }
}
