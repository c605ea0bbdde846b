import * as tf from '@tensorflow/tfjs-core';
import { twiceByCorners } from '../baselines/twice-by-corners.js';
import type { ForwardContext } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import { DoubleConv } from '../layers/double-conv.js';
import type { ParameterScope, ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { UNetEncoder } from '../layers/unet-encoder.js';
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
import { concatChannels } from '../ops/index.js';
import type { StateDict } from '../weights/state-dict.js';

/** Channels at each resolution, from the slice's own to a sixteenth. */
const CHANNELS = [64, 128, 256, 512, 512] as const;
/** As the reference numbers the layers of its sequence; the ReLUs are 2 and 5. */
const NAMES = ['0', '1', '3', '4'] as const;
const DEFAULTS: SliceNetworkOptions = { ...MULTI_CLASS, prior: true };

/**
 * The U-Net (Ronneberger et al., MICCAI 2015) that the paper guides with the infection map to tell ground-glass opacity
 * from consolidation (section III-D, "Semi-Inf-Net & MC"), as released: bilinear upsampling, corners on corners, in
 * place of transposed convolutions, and batch norm. With `prior: false` it is the "Multi-class U-Net" of Table III.
 */
export const MULTI_CLASS_UNET: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'multi-class-unet',
  resolveOptions: (options) => resolveSliceOptions(DEFAULTS, options),
  build: (store, options) => new MultiClassUNet(store, options),
  traits: (options) => sliceTraits(options, 1, 16),
  keepAllUpTo: keepAllBelow(60_000),
  footprint: footprintByWidth({
    perPixel: { predict: 3_030, train: 10_500, 'train-recomputing': 6_000 },
    largestPerPixel: { predict: 512, train: 1_200, 'train-recomputing': 1_200 },
  }),
  inferOptions,
};

class MultiClassUNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #down: UNetEncoder;
  readonly #up: readonly DoubleConv[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = CHANNELS.map(scaledBy(width)) as [number, number, number, number, number];
    const place = (name: string): ParameterScope => root.child(name).child('double_conv');
    this.#down = new UNetEncoder({
      inputs: imageChannels(prior),
      channels,
      place: (level) => place(level === 0 ? 'inc' : `down${level}.maxpool_conv.1`),
      names: NAMES,
    });
    let below = channels[4];
    this.#up = [3, 2, 1, 0].map((level, i) => {
      const inputs = channels[level]! + below;
      const middle = Math.ceil(inputs / 2);
      below = level === 0 ? channels[0] : channels[level - 1]!;
      return new DoubleConv(place(`up${i + 1}.conv`), { inputs, middle, outputs: below, names: NAMES });
    });
    this.#classify = new Conv(root, 'outc.conv', { inputs: below, outputs: classes });
    this.units = [this.#down, ...this.#up].flatMap(({ units }) => units).concat(this.#classify);
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const skips = this.#down.forward(images, context);
    let x = skips.at(-1)!;
    for (const [i, step] of this.#up.entries()) {
      const skip = skips[3 - i]!;
      const join = (): tf.Tensor4D => concatChannels([skip, padTo(twiceByCorners(x), skip)]);
      x = tf.tidy(() => step.forward(join(), context)); // [B,H/2^(3-i),W/2^(3-i),.]
    }
    return { logits: this.#classify.forward(x) };
  }
}

/** Zeros around x up to the size of `like`, half of them above and to the left. */
function padTo(x: tf.Tensor4D, like: tf.Tensor4D): tf.Tensor4D {
  const [rows, columns] = [like.shape[1] - x.shape[1], like.shape[2] - x.shape[2]];
  if (rows === 0 && columns === 0) return x;
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return tf.pad4d(x, [
    [0, 0],
    [top, rows - top],
    [left, columns - left],
    [0, 0],
  ]);
}

function inferOptions(dict: StateDict): SliceNetworkOptions | undefined {
  const first = dict.get('inc.double_conv.0.weight')?.shape;
  const classes = dict.get('outc.conv.weight')?.shape[0];
  if (first === undefined || classes === undefined) return undefined;
  return resolveSliceOptions(DEFAULTS, { width: first[0]! / CHANNELS[0], classes, prior: first[1] === 6 });
}
