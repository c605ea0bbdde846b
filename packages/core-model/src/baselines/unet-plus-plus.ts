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
};

class UNetPlusPlus implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  /** By column j, then resolution i. */
  readonly #nodes: readonly (readonly DoubleConv[])[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = UNET_CHANNELS.map(scaledBy(width));
    this.#nodes = Array.from({ length: DEPTH }, (_, j) =>
      Array.from({ length: DEPTH - j }, (__, i) => {
        const above = i === 0 ? (prior ? 6 : 3) : channels[i - 1]!;
        const inputs = j === 0 ? above : j * channels[i]! + channels[i + 1]!;
        const outputs = channels[i]!;
        return new DoubleConv(root.child(`conv${i}_${j}`), { inputs, outputs, names: VGG_BLOCK_NAMES });
      }),
    );
    this.#classify = new Conv(root, 'final', { inputs: channels[0]!, outputs: classes });
    this.units = [...this.#nodes.flat().flatMap(({ units }) => units), this.#classify];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const rows: tf.Tensor4D[][] = Array.from({ length: DEPTH }, () => []); // X^(i,.), [B,H/2^i,W/2^i,.]
    for (const [j, column] of this.#nodes.entries()) {
      for (const [i, node] of column.entries()) {
        const shallower = i === 0 ? images : rows[i - 1]![0]!;
        const input =
          j === 0
            ? i === 0
              ? shallower
              : maxPool2x2(shallower)
            : concatChannels([...rows[i]!, twiceByCorners(rows[i + 1]![j - 1]!)]);
        rows[i]!.push(node.forward(input, context));
      }
    }
    return { logits: this.#classify.forward(rows[0]!.at(-1)!) };
  }
}
