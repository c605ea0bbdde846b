import type * as tf from '@tensorflow/tfjs-core';
import { maxPool2x2 } from '../ops/index.js';
import type { ForwardContext } from './context.js';
import { DoubleConv, type DoubleConvOptions } from './double-conv.js';
import type { ParameterScope } from './parameter-store.js';
import type { Unit } from './unit.js';

export interface UNetEncoderOptions {
  /** Channels of the images. */
  readonly inputs: number;
  /** Channels at each resolution, the finest first. */
  readonly channels: readonly number[];
  /** Where the parameters of a resolution lie. */
  readonly place: (level: number) => ParameterScope;
  readonly names: DoubleConvOptions['names'];
}

/** The way down of a U-Net (Ronneberger et al., MICCAI 2015, Fig. 1): a double convolution at each resolution, each half as fine. */
export class UNetEncoder {
  readonly units: readonly Unit[];
  readonly #levels: readonly DoubleConv[];

  constructor({ inputs, channels, place, names }: UNetEncoderOptions) {
    this.#levels = channels.map(
      (outputs, level) =>
        new DoubleConv(place(level), { inputs: level === 0 ? inputs : channels[level - 1]!, outputs, names }),
    );
    this.units = this.#levels.flatMap(({ units }) => units);
  }

  /** [B,H,W,inputs] to the features of all resolutions, [B,H/2^i,W/2^i,channels[i]]. */
  forward(images: tf.Tensor4D, context: ForwardContext): tf.Tensor4D[] {
    const features: tf.Tensor4D[] = [];
    for (const [i, level] of this.#levels.entries()) {
      features.push(level.forward(i === 0 ? images : maxPool2x2(features[i - 1]!), context));
    }
    return features;
  }
}
