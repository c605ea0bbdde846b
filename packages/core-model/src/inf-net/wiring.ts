import type * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { Res2Net } from '../backbones/res2net.js';
import type { ForwardContext } from '../layers/context.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { Wiring } from '../network/architecture.js';
import { resizeBilinear } from '../ops/index.js';
import { EdgeAttention } from './edge-attention.js';
import { hasClassifier, type InfNetOptions } from './options.js';
import { PartialDecoder } from './partial-decoder.js';
import { ReceptiveFieldBlock } from './receptive-field-block.js';
import { ReverseAttention } from './reverse-attention.js';

/** The five maps of Inf-Net: logits, [B,H,W,1] each, at the size of the input. */
export type InfNetOutputs = {
  /** S_g, of the partial decoder (the released code's `lateral_map_5`). */
  readonly globalMap: tf.Tensor4D;
  /** S_5 ... S_3, from coarse to fine (`lateral_map_4` ... `lateral_map_2`). */
  readonly s5: tf.Tensor4D;
  readonly s4: tf.Tensor4D;
  /** The network's answer: its sigmoid is the infection probability. */
  readonly s3: tf.Tensor4D;
  /** S_e, the lesions' outline (`lateral_edge`). */
  readonly edge: tf.Tensor4D;
};

/** The wiring of paper Fig. 2, without weights of its own: they lie in the store. */
export class InfNetWiring implements Wiring<InfNetOutputs> {
  readonly units: readonly Unit[];
  readonly #backbone: Backbone;
  readonly #rfb: {
    readonly f3: ReceptiveFieldBlock;
    readonly f4: ReceptiveFieldBlock;
    readonly f5: ReceptiveFieldBlock;
  };
  readonly #partialDecoder: PartialDecoder;
  readonly #reverse: {
    readonly ra4: ReverseAttention;
    readonly ra3: ReverseAttention;
    readonly ra2: ReverseAttention;
  };
  readonly #edge: EdgeAttention;

  constructor(store: ParameterStore, options: InfNetOptions) {
    const root = store.scope('');
    const { channels, width, blocks } = options;
    const scaled = (count: number): number => Math.max(1, Math.round(count * width));
    const backbone = new Res2Net(root.child('resnet'), { width, blocks, classifier: hasClassifier(options) });
    const { f2, f3, f4, f5 } = backbone.channels;
    this.#backbone = backbone;
    this.#rfb = {
      f3: new ReceptiveFieldBlock(root.child('rfb2_1'), f3, channels),
      f4: new ReceptiveFieldBlock(root.child('rfb3_1'), f4, channels),
      f5: new ReceptiveFieldBlock(root.child('rfb4_1'), f5, channels),
    };
    this.#partialDecoder = new PartialDecoder(root.child('ParDec'), channels);
    const edgeChannels = scaled(64);
    const reverse = (
      name: 'ra4' | 'ra3' | 'ra2',
      inputs: number,
      inner: number,
      kernel: 3 | 5,
    ): ReverseAttention =>
      new ReverseAttention(root, { name, inputs, channels: inner, edgeChannels, kernel });
    this.#reverse = {
      ra4: reverse('ra4', f5, scaled(256), 5),
      ra3: reverse('ra3', f4, scaled(64), 3),
      ra2: reverse('ra2', f3, scaled(64), 3),
    };
    this.#edge = new EdgeAttention(root, f2, edgeChannels);
    const boxes = [
      ...Object.values(this.#rfb),
      this.#partialDecoder,
      ...Object.values(this.#reverse),
      this.#edge,
    ];
    this.units = [...backbone.units, ...boxes.flatMap((box) => box.units)];
  }

  /** Paper section III-A, step by step. */
  forward(images: tf.Tensor4D, context: ForwardContext): InfNetOutputs {
    const { f2, f3, f4, f5 } = this.#backbone.forward(images, context);
    const edgeFeature = this.#edge.feature(f2, context); // e_att, [B,H/4,W/4,64]
    const edge = this.#edge.map(edgeFeature, context); // S_e

    const global = this.#partialDecoder.forward(
      this.#rfb.f5.forward(f5, context),
      this.#rfb.f4.forward(f4, context),
      this.#rfb.f3.forward(f3, context),
      context,
    ); // S_g, [B,H/8,W/8,1]
    const s5 = this.#reverse.ra4.forward(f5, global, edgeFeature, context); // [B,H/32,W/32,1]
    const s4 = this.#reverse.ra3.forward(f4, s5, edgeFeature, context); // [B,H/16,W/16,1]
    const s3 = this.#reverse.ra2.forward(f3, s4, edgeFeature, context); // [B,H/8,W/8,1]

    const [, height, width] = images.shape;
    const full = (map: tf.Tensor4D): tf.Tensor4D => resizeBilinear(map, [height, width]); // [B,H,W,1]
    return { globalMap: full(global), s5: full(s5), s4: full(s4), s3: full(s3), edge: full(edge) };
  }
}
