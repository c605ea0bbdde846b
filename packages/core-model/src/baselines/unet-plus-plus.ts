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

const DEPTH = UNET_CHANNELS.length;

/**
 * U-Net++ (Zhou et al., DLMIA 2018, Fig. 1a): a U-Net whose skips are dense. The node X^(i,j), at resolution i, takes
 * all X^(i,0) ... X^(i,j-1) and the upsampled X^(i+1,j-1). Without deep supervision: the answer is read off X^(0,4).
 * 9.163 M parameters, which is what the paper's Table II counts for it.
 */
export const UNET_PLUS_PLUS: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'unet++',
  resolveOptions: (options) => resolveSliceOptions(BINARY, options),
  build: (store, options) => new UNetPlusPlus(store, options),
  traits: (options) => sliceTraits(options, 16),
  keepAllUpTo: keepAllBelow(38_000),
  footprint: footprintByWidth({
    perPixel: { predict: 2_760, train: 14_250, 'train-recomputing': 10_600 },
    largestPerPixel: { predict: 768, train: 1_170, 'train-recomputing': 1_170 },
  }),
};

class UNetPlusPlus implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  /** The nodes X^(i,0). */
  readonly #down: UNetEncoder;
  /** The others by column j = 1 ..., then resolution i. */
  readonly #columns: readonly (readonly DoubleConv[])[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = UNET_CHANNELS.map(scaledBy(width));
    const names = VGG_BLOCK_NAMES;
    const place = (i: number, j = 0): ParameterScope => root.child(`conv${i}_${j}`);
    this.#down = new UNetEncoder({ inputs: imageChannels(prior), channels, place, names });
    this.#columns = [1, 2, 3, 4].map((j) =>
      channels.slice(0, DEPTH - j).map((outputs, i) => {
        const inputs = j * outputs + channels[i + 1]!;
        return new DoubleConv(place(i, j), { inputs, outputs, names });
      }),
    );
    this.#classify = new Conv(root, 'final', { inputs: channels[0]!, outputs: classes });
    this.units = [this.#down, ...this.#columns.flat()].flatMap(({ units }) => units).concat(this.#classify);
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const rows = this.#down.forward(images, context).map((feature) => [feature]); // X^(i,.), [B,H/2^i,W/2^i,.]
    for (const column of this.#columns) {
      for (const [i, node] of column.entries()) {
        const below = rows[i + 1]!.at(-1)!;
        const join = (): tf.Tensor4D => concatChannels([...rows[i]!, twiceByCorners(below)]);
        rows[i]!.push(tf.tidy(() => node.forward(join(), context)));
      }
    }
    return { logits: this.#classify.forward(rows[0]!.at(-1)!) };
  }
}
