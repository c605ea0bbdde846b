import type * as tf from '@tensorflow/tfjs-core';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { Conv } from '../layers/conv.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import { Norm } from '../layers/norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import { averagePool2x2, concatChannels, maxPool3x3 } from '../ops/index.js';

/** Channels of the stem and of each layer's output in DenseNet-161, before the multiplier. */
const STEM = 96;
const GROWTH = 48;
/** A layer's 1x1 convolution gives this many times the growth. */
const BOTTLENECK = 4;

export interface DenseNetOptions {
  /** Multiplier on every channel count. */
  readonly width: number;
  /** Layers of the four dense blocks; DenseNet-161 has [6, 12, 36, 24]. */
  readonly blocks: readonly [number, number, number, number];
  /** Channels of the images. */
  readonly inputs: number;
}

/** The stem's feature at half the image's size, those of the first and second block at a quarter and an eighth, the last one at 1/32. */
export interface DenseNetFeatures {
  readonly stem: tf.Tensor4D;
  readonly first: tf.Tensor4D;
  readonly second: tf.Tensor4D;
  readonly last: tf.Tensor4D;
}

/** DenseNet-161 (Huang et al., CVPR 2017, Table 1) without its classifier. */
export class DenseNet {
  readonly units: readonly Unit[];
  readonly channels: Readonly<Record<keyof DenseNetFeatures, number>>;
  readonly #stem: ConvNorm;
  readonly #blocks: readonly (readonly DenseLayer[])[];
  /** Between the blocks, and the last norm. */
  readonly #transitions: readonly Transition[];
  readonly #norm: Norm;

  constructor(scope: ParameterScope, { width, blocks, inputs }: DenseNetOptions) {
    const scaled = (count: number): number => Math.max(1, Math.round(count * width));
    const growth = scaled(GROWTH);
    let count = scaled(STEM);
    this.#stem = namedConvNorm(scope, 'conv0', 'norm0', {
      inputs,
      outputs: count,
      kernel: 7,
      stride: 2,
      pad: 3,
      constantInput: true,
      initialiser: 'he-fan-out',
    });
    const stem = count;
    const widths: number[] = [];
    const transitions: Transition[] = [];
    this.#blocks = blocks.map((depth, b) => {
      const layers = Array.from({ length: depth }, (_, i) => {
        const place = scope.child(`denseblock${b + 1}`).child(`denselayer${i + 1}`);
        return new DenseLayer(place, count + i * growth, growth);
      });
      count += depth * growth;
      widths.push(count);
      if (b < 3) {
        const half = Math.max(1, Math.floor(count / 2));
        transitions.push(new Transition(scope.child(`transition${b + 1}`), count, half));
        count = half;
      }
      return layers;
    });
    this.#transitions = transitions;
    this.#norm = new Norm(scope.norm('norm5', count));
    const [first, second, , last] = widths as [number, number, number, number];
    this.channels = { stem, first, second, last };
    const parts = [...this.#blocks.flat(), ...transitions].flatMap(({ units }) => units);
    this.units = [this.#stem, ...parts, this.#norm];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): DenseNetFeatures {
    const stem = runBlock(context, [], this.#stem.variables, (_, inner) =>
      this.#stem.forward(images, inner, { relu: true }),
    ); // [B,H/2,W/2,96]
    const features: tf.Tensor4D[] = [];
    let x = maxPool3x3(stem);
    for (const [b, layers] of this.#blocks.entries()) {
      for (const layer of layers) x = layer.forward(x, context);
      features.push(x);
      x = this.#transitions[b]?.forward(x, context) ?? x;
    }
    const last = runBlock(context, [x], this.#norm.variables, ([y], inner) => this.#norm.forward(y!, inner));
    const [first, second] = features as [tf.Tensor4D, tf.Tensor4D];
    return { stem, first, second, last };
  }
}

/** Norm, 1x1, norm, 3x3; its `growth` channels join the input's. [B,H,W,inputs] to [B,H,W,inputs+growth] */
class DenseLayer {
  readonly units: readonly Unit[];
  readonly #norm: Norm;
  readonly #bottleneck: ConvNorm;
  readonly #grow: Conv;

  constructor(scope: ParameterScope, inputs: number, growth: number) {
    const inner = BOTTLENECK * growth;
    const initialiser = 'he-fan-out';
    this.#norm = new Norm(scope.norm('norm1', inputs));
    this.#bottleneck = namedConvNorm(scope, 'conv1', 'norm2', { inputs, outputs: inner, initialiser });
    this.#grow = new Conv(scope, 'conv2', {
      inputs: inner,
      outputs: growth,
      kernel: 3,
      pad: 1,
      bias: false,
      initialiser,
    });
    this.units = [this.#norm, this.#bottleneck, this.#grow];
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    const grown = runBlock(context, [x], variablesOf(this.units), ([input], inner) =>
      this.#grow.forward(this.#bottleneck.forward(this.#norm.forward(input!, inner), inner, { relu: true })),
    );
    return concatChannels([x, grown]);
  }
}

/** Norm, 1x1, average over 2x2: [B,H,W,inputs] to [B,H/2,W/2,outputs] */
class Transition {
  readonly units: readonly Unit[];
  readonly #norm: Norm;
  readonly #conv: Conv;

  constructor(scope: ParameterScope, inputs: number, outputs: number) {
    this.#norm = new Norm(scope.norm('norm', inputs));
    this.#conv = new Conv(scope, 'conv', { inputs, outputs, bias: false, initialiser: 'he-fan-out' });
    this.units = [this.#norm, this.#conv];
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [x], variablesOf(this.units), ([input], inner) =>
      averagePool2x2(this.#conv.forward(this.#norm.forward(input!, inner))),
    );
  }
}
