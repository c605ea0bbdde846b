import type * as tf from '@tensorflow/tfjs-core';
import type { BackboneChannels, BackboneFeatures } from '../backbones/backbone.js';
import { Conv } from '../layers/conv.js';
import type { ForwardContext } from '../layers/context.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { PartialDecoder } from './partial-decoder.js';
import { ReceptiveFieldBlock } from './receptive-field-block.js';

export interface GlobalMapOptions {
  /** Channels of the receptive field blocks and the decoder. */
  readonly channels: number;
  /** False: one 1x1 convolution of f5 in the place of blocks and decoder. */
  readonly partialDecoder: boolean;
}

interface Decoder {
  readonly rfb: Readonly<Record<'f3' | 'f4' | 'f5', ReceptiveFieldBlock>>;
  readonly join: PartialDecoder;
}

/**
 * From the deep features to the global map S_g: the parallel partial decoder behind its receptive field blocks. The
 * ablation without it (Table IV) is described nowhere; here a pointwise classifier of the deepest feature takes its
 * place, under the name `global_conv`, which the reference does not have.
 */
export class GlobalMap {
  readonly units: readonly Unit[];
  readonly #decoder: Decoder | undefined;
  readonly #classifier: Conv | undefined;

  constructor(
    root: ParameterScope,
    { f3, f4, f5 }: BackboneChannels,
    { channels, partialDecoder }: GlobalMapOptions,
  ) {
    if (partialDecoder) {
      const rfb = {
        f3: new ReceptiveFieldBlock(root.child('rfb2_1'), f3, channels),
        f4: new ReceptiveFieldBlock(root.child('rfb3_1'), f4, channels),
        f5: new ReceptiveFieldBlock(root.child('rfb4_1'), f5, channels),
      };
      this.#decoder = { rfb, join: new PartialDecoder(root.child('ParDec'), channels) };
      this.units = [...Object.values(rfb), this.#decoder.join].flatMap(({ units }) => units);
    } else {
      this.#classifier = new Conv(root, 'global_conv', { inputs: f5, outputs: 1 });
      this.units = [this.#classifier];
    }
  }

  /** S_g, logits: [B,H/8,W/8,1], or [B,H/32,W/32,1] without the decoder (VGG16: at a quarter, at a sixteenth). */
  forward({ f3, f4, f5 }: BackboneFeatures, context: ForwardContext): tf.Tensor4D {
    if (!this.#decoder) return this.#classifier!.forward(f5);
    const { rfb, join } = this.#decoder;
    return join.forward(
      rfb.f5.forward(f5, context),
      rfb.f4.forward(f4, context),
      rfb.f3.forward(f3, context),
      context,
    );
  }
}
