import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, BackboneChannels, BackboneFeatures } from '../backbones/backbone.js';
import { createBackbone } from '../backbones/create-backbone.js';
import type { ForwardContext } from '../layers/context.js';
import type { ParameterScope, ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { Wiring } from '../network/architecture.js';
import { scaledBy } from '../network/slice-options.js';
import { resizeBilinear } from '../ops/index.js';
import { EdgeAttention } from './edge-attention.js';
import { GlobalMap } from './global-map.js';
import type { InfNetOptions } from './options.js';
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

/** The three modules of reverse attention, by the backbone's feature that each looks at. */
interface ReverseCascade {
  readonly f5: ReverseAttention;
  readonly f4: ReverseAttention;
  readonly f3: ReverseAttention;
}

/** The wiring of paper Fig. 2, without weights of its own: they lie in the store. A box that is switched off is undefined. */
export class InfNetWiring implements Wiring<InfNetOutputs> {
  readonly units: readonly Unit[];
  readonly channels: BackboneChannels;
  readonly #backbone: Backbone;
  readonly #global: GlobalMap;
  readonly #reverse: ReverseCascade | undefined;
  readonly #edge: EdgeAttention | undefined;

  constructor(store: ParameterStore, options: InfNetOptions) {
    const root = store.scope('');
    const edgeChannels = scaledBy(options.width)(64);
    this.#backbone = createBackbone(root, options);
    const { channels } = this.#backbone;
    this.channels = channels;
    this.#global = new GlobalMap(root, channels, options);
    this.#reverse = options.reverseAttention
      ? reverseCascade(root, channels, options.width, options.edgeAttention ? edgeChannels : 0)
      : undefined;
    this.#edge = options.edgeAttention ? new EdgeAttention(root, channels.f2, edgeChannels) : undefined;
    const boxes = [this.#backbone, this.#global, ...Object.values(this.#reverse ?? {}), this.#edge];
    this.units = boxes.flatMap((box) => box?.units ?? []);
  }

  /** Paper section III-A, step by step. */
  forward(images: tf.Tensor4D, context: ForwardContext): InfNetOutputs {
    const [, height, width] = images.shape;
    return this.decode(this.encode(images, context), [height, width], context);
  }

  /** The backbone alone: f2 ... f5. */
  encode(images: tf.Tensor4D, context: ForwardContext): BackboneFeatures {
    return this.#backbone.forward(images, context);
  }

  /** All that comes behind the backbone; `size` is that of the images. */
  decode(
    features: BackboneFeatures,
    [height, width]: readonly [number, number],
    context: ForwardContext,
  ): InfNetOutputs {
    const edgeFeature = this.#edge?.feature(features.f2, context); // e_att, [B,H/4,W/4,64]
    const edge = edgeFeature && this.#edge?.map(edgeFeature, context); // S_e

    const global = this.#global.forward(features, context); // S_g, [B,H/8,W/8,1]
    const { s5, s4, s3 } = this.#refine(features, global, edgeFeature, context);

    const [batch] = features.f2.shape;
    const full = (map: tf.Tensor4D): tf.Tensor4D => resizeBilinear(map, [height, width]); // [B,H,W,1]
    return {
      globalMap: full(global),
      s5: full(s5),
      s4: full(s4),
      s3: full(s3),
      edge: edge ? full(edge) : tf.zeros([batch, height, width, 1]),
    };
  }

  #refine(
    { f3, f4, f5 }: BackboneFeatures,
    global: tf.Tensor4D,
    edgeFeature: tf.Tensor4D | undefined,
    context: ForwardContext,
  ): Pick<InfNetOutputs, 's5' | 's4' | 's3'> {
    if (!this.#reverse) return { s5: global, s4: global, s3: global };
    const s5 = this.#reverse.f5.forward(f5, global, edgeFeature, context); // [B,H/32,W/32,1]
    const s4 = this.#reverse.f4.forward(f4, s5, edgeFeature, context); // [B,H/16,W/16,1]
    const s3 = this.#reverse.f3.forward(f3, s4, edgeFeature, context); // [B,H/8,W/8,1]
    return { s5, s4, s3 };
  }
}

function reverseCascade(
  root: ParameterScope,
  { f3, f4, f5 }: Backbone['channels'],
  width: number,
  edgeChannels: number,
): ReverseCascade {
  const scaled = scaledBy(width);
  return {
    f5: new ReverseAttention(root, {
      name: 'ra4',
      inputs: f5,
      channels: scaled(256),
      edgeChannels,
      kernel: 5,
    }),
    f4: new ReverseAttention(root, {
      name: 'ra3',
      inputs: f4,
      channels: scaled(64),
      edgeChannels,
      kernel: 3,
    }),
    f3: new ReverseAttention(root, {
      name: 'ra2',
      inputs: f3,
      channels: scaled(64),
      edgeChannels,
      kernel: 3,
    }),
  };
}
