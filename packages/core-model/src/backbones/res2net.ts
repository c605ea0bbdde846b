import type * as tf from '@tensorflow/tfjs-core';
import { ConvNorm } from '../layers/conv-norm.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { type ConvGeometry, maxPool3x3 } from '../ops/index.js';
import type { Backbone, BackboneChannels, BackboneFeatures } from './backbone.js';
import { Res2NetBlock } from './res2net-block.js';

/** Planes of the four layers before the multiplier; a layer puts out four times as many channels. */
const PLANES = [64, 128, 256, 512] as const;
/** "26w": channels of a group for 64 planes. */
const GROUP_WIDTH = 26;
/** Classes of the ImageNet head that the reference's files carry along. */
const IMAGENET_CLASSES = 1000;

export interface Res2NetOptions {
  /** Multiplier on every channel count. */
  readonly width: number;
  /** Blocks of each layer; the reference has [3, 4, 6, 3]. */
  readonly blocks: readonly [number, number, number, number];
  /** Keep `fc.weight` and `fc.bias`, which no forward pass reads, in the state dict. */
  readonly classifier: boolean;
}

/** Res2Net50 v1b 26w 4s (Gao et al., TPAMI 2021), the backbone of Inf-Net: f2 at a quarter of the input's size to f5 at 1/32. */
export class Res2Net implements Backbone {
  readonly channels: BackboneChannels;
  readonly units: readonly Unit[];
  readonly #stem: readonly ConvNorm[];
  readonly #stemVariables: readonly tf.Variable[];
  readonly #layers: readonly (readonly Res2NetBlock[])[];

  constructor(scope: ParameterScope, { width, blocks, classifier }: Res2NetOptions) {
    const scaled = (channels: number): number => Math.max(1, Math.round(channels * width));
    const planes = PLANES.map(scaled);
    const [half, full] = [scaled(32), scaled(64)];
    this.#stem = stem(scope, half, full);
    this.#stemVariables = scope.trainable();
    let inputs = full;
    this.#layers = planes.map((plane, layer) => {
      const outputs = 4 * plane;
      const groupWidth = Math.max(1, Math.floor((plane * GROUP_WIDTH) / 64));
      return Array.from({ length: blocks[layer]! }, (_, i) => {
        const first = i === 0;
        const stride = first && layer > 0 ? 2 : 1;
        const place = scope.child(`layer${layer + 1}`).child(`${i}`);
        const block = new Res2NetBlock(place, { inputs, groupWidth, outputs, first, stride });
        inputs = outputs;
        return block;
      });
    });
    if (classifier) {
      scope.unused('fc.weight', [IMAGENET_CLASSES, inputs], inputs);
      scope.unused('fc.bias', [IMAGENET_CLASSES], inputs);
    }
    const [f2, f3, f4, f5] = planes.map((plane) => 4 * plane) as [number, number, number, number];
    this.channels = { f2, f3, f4, f5 };
    this.units = [...this.#stem, ...this.#layers.flat().flatMap((block) => block.units)];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): BackboneFeatures {
    const stemmed = runBlock(context, [], this.#stemVariables, (_, inner) =>
      maxPool3x3(this.#stem.reduce((y, unit) => unit.forward(y, inner, { relu: true }), images)),
    ); // [B,H/4,W/4,64]
    const features: tf.Tensor4D[] = [];
    let x = stemmed;
    for (const layer of this.#layers) {
      for (const block of layer) x = block.forward(x, context);
      features.push(x);
    }
    const [f2, f3, f4, f5] = features as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    return { f2, f3, f4, f5 };
  }
}

/** Three 3x3 convolutions in the place of ResNet's 7x7 ("v1b"). Two of them bear indices of a sequence, the last norm does not. */
function stem(scope: ParameterScope, half: number, full: number): ConvNorm[] {
  const he = 'he-fan-out';
  const conv = (
    name: string,
    norm: string,
    inputs: number,
    outputs: number,
    geometry: ConvGeometry,
  ): ConvNorm =>
    new ConvNorm(scope.kernel(`${name}.weight`, [3, 3, inputs, outputs], he), scope.norm(norm, outputs), {
      geometry: { pad: 1, ...geometry },
    });
  return [
    conv('conv1.0', 'conv1.1', 3, half, { stride: 2, constantInput: true }),
    conv('conv1.3', 'conv1.4', half, half, {}),
    conv('conv1.6', 'bn1', half, full, {}),
  ];
}
