import type * as tf from '@tensorflow/tfjs-core';
import type { ConvNorm } from '../layers/conv-norm.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { maxPool3x3 } from '../ops/index.js';
import type { Backbone, BackboneChannels, BackboneFeatures } from './backbone.js';
import { ResNetBlock } from './resnet-block.js';

/** Planes of the four layers before the multiplier; a layer puts out four times as many channels. */
const PLANES = [64, 128, 256, 512] as const;

/** How the last two layers keep their resolution, if they do (DeepLab's atrous convolution). */
export interface ResNetAtrous {
  /** Stride of each layer's first block. */
  readonly strides: readonly [1 | 2, 1 | 2, 1 | 2, 1 | 2];
  /** Dilation of each layer's 3x3 convolutions. */
  readonly dilations: readonly [number, number, number, number];
  /** Multiplied onto the last layer's dilation, block by block ("multi-grid"); the last one serves all that follow. */
  readonly multiGrid: readonly number[];
}

export interface ResNetOptions {
  /** Multiplier on every channel count. */
  readonly width: number;
  /** Blocks of each layer; ResNet50 has [3, 4, 6, 3]. */
  readonly blocks: readonly [number, number, number, number];
  /** Channels of the images. Default 3. */
  readonly inputs?: number;
  /** Default: strides 1, 2, 2, 2, no dilation. */
  readonly atrous?: ResNetAtrous;
}

const STRIDED: ResNetAtrous = { strides: [1, 2, 2, 2], dilations: [1, 1, 1, 1], multiGrid: [1] };

/** ResNet with bottlenecks (He et al., CVPR 2016), strided in its 3x3: f2 at a quarter of the input's size to f5 at 1/32. */
export class ResNet implements Backbone {
  readonly channels: BackboneChannels;
  readonly units: readonly Unit[];
  readonly #stem: ConvNorm;
  readonly #layers: readonly (readonly ResNetBlock[])[];

  constructor(scope: ParameterScope, { width, blocks, inputs = 3, atrous = STRIDED }: ResNetOptions) {
    const scaled = (channels: number): number => Math.max(1, Math.round(channels * width));
    const full = scaled(64);
    this.#stem = namedConvNorm(scope, 'conv1', 'bn1', {
      inputs,
      outputs: full,
      kernel: 7,
      stride: 2,
      pad: 3,
      constantInput: true,
      initialiser: 'he-fan-out',
    });
    const planes = PLANES.map(scaled);
    let before = full;
    this.#layers = planes.map((plane, layer) =>
      Array.from({ length: blocks[layer]! }, (_, i) => {
        const { strides, dilations, multiGrid } = atrous;
        const grid = layer === 3 ? (multiGrid[i] ?? multiGrid.at(-1)!) : 1;
        const block = new ResNetBlock(scope.child(`layer${layer + 1}`).child(`${i}`), {
          inputs: before,
          planes: plane,
          outputs: 4 * plane,
          first: i === 0,
          stride: i === 0 ? strides[layer]! : 1,
          dilation: dilations[layer]! * grid,
        });
        before = 4 * plane;
        return block;
      }),
    );
    const [f2, f3, f4, f5] = planes.map((plane) => 4 * plane) as [number, number, number, number];
    this.channels = { f2, f3, f4, f5 };
    this.units = [this.#stem, ...this.#layers.flat().flatMap((block) => block.units)];
  }

  forward(images: tf.Tensor4D, context: ForwardContext): BackboneFeatures {
    let x = runBlock(context, [], this.#stem.variables, (_, inner) =>
      maxPool3x3(this.#stem.forward(images, inner, { relu: true })),
    ); // [B,H/4,W/4,64]
    const features: tf.Tensor4D[] = [];
    for (const layer of this.#layers) {
      for (const block of layer) x = block.forward(x, context);
      features.push(x);
    }
    const [f2, f3, f4, f5] = features as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    return { f2, f3, f4, f5 };
  }
}
