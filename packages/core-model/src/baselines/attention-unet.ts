import * as tf from '@tensorflow/tfjs-core';
import type { ConvNorm } from '../layers/conv-norm.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import { DoubleConv } from '../layers/double-conv.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterScope, ParameterStore } from '../layers/parameter-store.js';
import { UNetEncoder } from '../layers/unet-encoder.js';
import { type Unit, variablesOf } from '../layers/unit.js';
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
import { concatChannels, upsampleNearest2x } from '../ops/index.js';
import { UNET_CHANNELS } from './unet-channels.js';

/** As the common implementation numbers the layers of its sequence; the ReLUs are 2 and 5. */
const NAMES = ['0', '1', '3', '4'] as const;
/** Channels inside the gate of the finest skip, before the multiplier. */
const FINEST_GATE = 32;

/**
 * Attention U-Net (Oktay et al., MIDL 2018, Fig. 1 and 2): additive attention gates on the skips of a U-Net, in the form
 * in which it is commonly implemented for two dimensions: the gating signal is the upsampled deeper feature, so that
 * gate and skip have one size and the attention map needs no resampling. Half of the paper's channels, 32 to 512, and
 * half of those inside a gate, but 32 at the finest. No source gives that last width: it was chosen because the network
 * then has the 8.727 M parameters of the Inf-Net paper's Table II.
 */
export const ATTENTION_UNET: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'attention-unet',
  resolveOptions: (options) => resolveSliceOptions(BINARY, options),
  build: (store, options) => new AttentionUNet(store, options),
  traits: (options) => sliceTraits(options, 16),
  keepAllUpTo: keepAllBelow(65_000),
  footprint: footprintByWidth({
    perPixel: { predict: 1_880, train: 9_450, 'train-recomputing': 5_800 },
    largestPerPixel: { predict: 256, train: 1_170, 'train-recomputing': 1_170 },
  }),
};

class AttentionUNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #down: UNetEncoder;
  readonly #up: readonly UpStep[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const scaled = scaledBy(width);
    const channels = UNET_CHANNELS.map(scaled);
    this.#down = new UNetEncoder({
      inputs: imageChannels(prior),
      channels,
      place: (level) => root.child(`Conv${level + 1}`).child('conv'),
      names: NAMES,
    });
    this.#up = [3, 2, 1, 0].map(
      (level) =>
        new UpStep(root, level + 2, {
          inputs: channels[level + 1]!,
          channels: channels[level]!,
          inner: scaled(Math.max(FINEST_GATE, UNET_CHANNELS[level]! / 2)),
        }),
    );
    this.#classify = new Conv(root, 'Conv_1x1', { inputs: channels[0]!, outputs: classes });
    this.units = [this.#down, ...this.#up].flatMap(({ units }) => units).concat(this.#classify);
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const skips = this.#down.forward(images, context);
    let x = skips.at(-1)!;
    for (const [i, step] of this.#up.entries()) x = step.forward(x, skips[3 - i]!, context);
    return { logits: this.#classify.forward(x) };
  }
}

interface UpStepOptions {
  readonly inputs: number;
  readonly channels: number;
  /** Channels inside the gate. */
  readonly inner: number;
}

/** From one resolution to the next finer one: upsampled, the skip gated by it, both joined. */
class UpStep {
  readonly units: readonly Unit[];
  readonly #up: ConvNorm;
  readonly #gate: AttentionGate;
  readonly #join: DoubleConv;

  constructor(root: ParameterScope, number: number, { inputs, channels, inner }: UpStepOptions) {
    const up = root.child(`Up${number}`).child('up');
    this.#up = namedConvNorm(up, '1', '2', { inputs, outputs: channels, kernel: 3, pad: 1, bias: true });
    this.#gate = new AttentionGate(root.child(`Att${number}`), channels, inner);
    const place = root.child(`Up_conv${number}`).child('conv');
    this.#join = new DoubleConv(place, { inputs: 2 * channels, outputs: channels, names: NAMES });
    this.units = [this.#up, ...this.#gate.units, ...this.#join.units];
  }

  /** [B,h,w,inputs] and [B,2h,2w,channels] to [B,2h,2w,channels] */
  forward(below: tf.Tensor4D, skip: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    const up = runBlock(context, [below], this.#up.variables, ([x], inner) =>
      this.#up.forward(upsampleNearest2x(x!), inner, { relu: true }),
    );
    const join = (): tf.Tensor4D => concatChannels([this.#gate.forward(up, skip, context), up]);
    return tf.tidy(() => this.#join.forward(join(), context));
  }
}

/** `skip * sigmoid(psi(relu(W_g gate + W_x skip)))`, the additive gate of Fig. 2. */
class AttentionGate {
  readonly units: readonly Unit[];
  readonly #gate: ConvNorm;
  readonly #skip: ConvNorm;
  readonly #psi: ConvNorm;

  constructor(scope: ParameterScope, channels: number, inner: number) {
    const pointwise = (name: string, inputs: number, outputs: number): ConvNorm =>
      namedConvNorm(scope.child(name), '0', '1', { inputs, outputs, bias: true });
    this.#gate = pointwise('W_g', channels, inner);
    this.#skip = pointwise('W_x', channels, inner);
    this.#psi = pointwise('psi', inner, 1);
    this.units = [this.#gate, this.#skip, this.#psi];
  }

  forward(gate: tf.Tensor4D, skip: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [gate, skip], variablesOf(this.units), ([g, x], inner) => {
      const joint = tf.relu(tf.add(this.#gate.forward(g!, inner), this.#skip.forward(x!, inner)));
      const attention = tf.sigmoid(this.#psi.forward(joint as tf.Tensor4D, inner)); // [B,H,W,1]
      return tf.mul(x!, attention);
    });
  }
}
