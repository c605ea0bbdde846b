import * as tf from '@tensorflow/tfjs-core';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { ConvTranspose } from '../layers/conv-transpose.js';
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
import { concatChannels, resizeBilinear } from '../ops/index.js';

/** Channels at each resolution, before the multiplier. */
const CHANNELS = [64, 128, 256, 512, 1024] as const;
/** The published two-dimensional configuration divides them by this. */
const DIVISOR = 16;
const NAMES = ['conv1.0', 'conv1.1', 'conv2.0', 'conv2.1'] as const;

/**
 * Attention-gated U-Net (Schlemper et al., Medical Image Analysis 2019, Fig. 2 and section 3.1; "Gated-UNet" in the
 * paper): grid attention on the skips of the second to fourth resolution, all gated by the deepest feature, with
 * transposed convolutions on the way up. Two-dimensional and without deep supervision.
 *
 * The paper's Table II counts 175.1 K parameters and says nothing of the widths that give them; a sixteenth of the
 * original's channels (4 to 64) comes nearest and is the default here.
 */
export const GATED_UNET: Architecture<SliceNetworkOptions, SliceNetworkOutputs> = {
  name: 'gated-unet',
  resolveOptions: (options) => resolveSliceOptions(BINARY, options),
  build: (store, options) => new GatedUNet(store, options),
  traits: (options) => sliceTraits(options, 16),
  keepAllUpTo: keepAllBelow(740_000),
  footprint: footprintByWidth({
    perPixel: { predict: 230, train: 930, 'train-recomputing': 690 },
    largestPerPixel: { predict: 32, train: 150, 'train-recomputing': 150 },
  }),
};

class GatedUNet implements Wiring<SliceNetworkOutputs> {
  readonly units: readonly Unit[];
  readonly #down: UNetEncoder;
  readonly #gating: ConvNorm;
  /** Of the second to fourth resolution. */
  readonly #gates: readonly GridAttention[];
  readonly #up: readonly UpStep[];
  readonly #classify: Conv;

  constructor(store: ParameterStore, { width, classes, prior }: SliceNetworkOptions) {
    const root = store.scope('');
    const channels = CHANNELS.map(scaledBy(width / DIVISOR)) as [number, number, number, number, number];
    this.#down = new UNetEncoder({
      inputs: imageChannels(prior),
      channels,
      place: (level) => root.child(level === 4 ? 'center' : `conv${level + 1}`),
      names: NAMES,
    });
    const gatingChannels = channels[3];
    this.#gating = namedConvNorm(root.child('gating'), 'conv1.0', 'conv1.1', {
      inputs: channels[4],
      outputs: gatingChannels,
      bias: true,
    });
    this.#gates = [1, 2, 3].map(
      (level) =>
        new GridAttention(root.child(`attentionblock${level + 1}`), channels[level]!, gatingChannels),
    );
    this.#up = [3, 2, 1, 0].map(
      (level) => new UpStep(root.child(`up_concat${level + 1}`), channels[level + 1]!, channels[level]!),
    );
    this.#classify = new Conv(root, 'final', { inputs: channels[0], outputs: classes });
    const parts = [this.#down, ...this.#gates, ...this.#up].flatMap(({ units }) => units);
    this.units = [...parts, this.#gating, this.#classify];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): SliceNetworkOutputs {
    const skips = this.#down.forward(images, context);
    let x = skips.at(-1)!;
    const gating = runBlock(context, [x], this.#gating.variables, ([deepest], inner) =>
      this.#gating.forward(deepest!, inner, { relu: true }),
    ); // [B,H/16,W/16,.]
    for (const [i, step] of this.#up.entries()) {
      const level = 3 - i;
      const gate = this.#gates[level - 1]; // none at the first resolution
      const skip = gate ? gate.forward(skips[level]!, gating, context) : skips[level]!;
      x = step.forward(x, skip, context); // [B,H/2^level,W/2^level,.]
    }
    return { logits: this.#classify.forward(x) };
  }
}

/** Attention on a grid of 2x2 cells: `W(skip * up(sigmoid(psi(relu(theta skip + phi gating)))))`. */
class GridAttention {
  readonly units: readonly Unit[];
  readonly #theta: Conv;
  readonly #phi: Conv;
  readonly #psi: Conv;
  readonly #out: ConvNorm;

  constructor(scope: ParameterScope, channels: number, gatingChannels: number) {
    this.#out = namedConvNorm(scope, 'W.0', 'W.1', { inputs: channels, outputs: channels, bias: true });
    this.#theta = new Conv(scope, 'theta', {
      inputs: channels,
      outputs: channels,
      kernel: 2,
      stride: 2,
      bias: false,
    });
    this.#phi = new Conv(scope, 'phi', { inputs: gatingChannels, outputs: channels });
    this.#psi = new Conv(scope, 'psi', { inputs: channels, outputs: 1 });
    this.units = [this.#out, this.#theta, this.#phi, this.#psi];
  }

  /** [B,h,w,channels] and [B,H/16,W/16,gatingChannels] to [B,h,w,channels] */
  forward(skip: tf.Tensor4D, gating: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [skip, gating], variablesOf(this.units), ([x, g], inner) => {
      const theta = this.#theta.forward(x!); // [B,h/2,w/2,channels]
      const phi = resizeBilinear(this.#phi.forward(g!), [theta.shape[1], theta.shape[2]]);
      const attention = tf.sigmoid(this.#psi.forward(tf.relu(tf.add(theta, phi)))); // [B,h/2,w/2,1]
      const gated = tf.mul(x!, resizeBilinear(attention, [x!.shape[1], x!.shape[2]])) as tf.Tensor4D;
      return this.#out.forward(gated, inner);
    });
  }
}

/** From one resolution to the next finer one: a transposed convolution, joined with the skip. */
class UpStep {
  readonly units: readonly Unit[];
  readonly #up: ConvTranspose;
  readonly #join: DoubleConv;

  constructor(scope: ParameterScope, inputs: number, channels: number) {
    this.#join = new DoubleConv(scope.child('conv'), {
      inputs: channels + channels,
      outputs: channels,
      names: NAMES,
    });
    this.#up = new ConvTranspose(scope, 'up', { inputs, outputs: channels, kernel: 4, stride: 2, pad: 1 });
    this.units = [...this.#join.units, this.#up];
  }

  /** [B,h,w,inputs] and [B,2h,2w,channels] to [B,2h,2w,channels] */
  forward(below: tf.Tensor4D, skip: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return tf.tidy(() => this.#join.forward(concatChannels([skip, this.#up.forward(below)]), context));
  }
}
