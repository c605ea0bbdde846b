import * as tf from '@tensorflow/tfjs-core';
import { ParameterStore } from '../layers/parameter-store.js';
import { recognise } from '../network/model-file.js';
import { Network } from '../network/network.js';
import { loadPretrained, type PretrainedOptions } from '../network/pretrained.js';
import type { WeightsSource } from '../weights/load-weights.js';
import { admitOnly } from '../network/state.js';
import { INF_NET } from './architecture.js';
import type { InfNetOptions } from './options.js';
import { poolFeatures, pooledLength } from '../slice-gate/pooled-features.js';
import type { InfNetOutputs, InfNetWiring } from './wiring.js';

export interface CreateOptions extends Partial<InfNetOptions> {
  /** Of the random weights. Default 0. */
  readonly seed?: number;
}

/**
 * Inf-Net (Fan et al., IEEE TMI 2020): infected lung regions in CT slices, as five maps of logits. Owns its weights;
 * call `dispose()` when done. `fuse()` gives the faster inference form.
 */
export class InfNet extends Network<InfNetOptions, InfNetOutputs> {
  /** A network with random weights on the current backend. @throws {OptionError} for an option out of range. */
  static create({ seed = 0, ...options }: CreateOptions = {}): InfNet {
    return InfNet.on(INF_NET.resolveOptions(options), new ParameterStore({ seed }));
  }

  /**
   * A network from a file: safetensors, a PyTorch checkpoint of the authors' (zip or legacy, with or without `module.`),
   * or TensorFlow.js's `model.json`. Its options come from the file's metadata, or, in a file of another origin, from
   * the shapes of its tensors.
   *
   * @param source path, URL, IOHandler of TensorFlow.js, or the bytes themselves.
   * @throws {WeightsError} for a file that cannot be read or does not hold an Inf-Net.
   */
  static async fromPretrained(source: WeightsSource, options: PretrainedOptions = {}): Promise<InfNet> {
    const { dict, metadata } = await loadPretrained(source, options);
    const recognised = recognise([INF_NET], dict, metadata);
    const store = new ParameterStore(admitOnly(dict));
    try {
      const model = InfNet.on(recognised.options as InfNetOptions, store);
      model.loadStateDict(dict);
      return model;
    } catch (error) {
      store.dispose();
      throw error;
    }
  }

  /** Length of the vectors that {@link InfNet.sliceFeatures} gives. */
  get sliceFeatureLength(): number {
    return pooledLength((this.wiring as InfNetWiring).channels);
  }

  /**
   * What the encoder makes of whole slices: mean and maximum of each channel of f3, f4 and f5. `SliceGate` looks at it.
   *
   * @param images [B,H,W,3], normalised
   * @returns [B,1,1,sliceFeatureLength]; the caller disposes it. No gradient goes through it
   */
  sliceFeatures(images: tf.Tensor4D): tf.Tensor4D {
    return this.pass(images, {}, (wiring, context) =>
      poolFeatures((wiring as InfNetWiring).encode(images, context)),
    );
  }

  /** As `predict`, [B,H,W,1], and as `sliceFeatures`, in one pass through the encoder. */
  predictWithFeatures(images: tf.Tensor4D): { probability: tf.Tensor4D; features: tf.Tensor4D } {
    const [, height, width] = images.shape;
    return this.pass(images, {}, (wiring, context) => {
      const network = wiring as InfNetWiring;
      const encoded = network.encode(images, context);
      const maps = network.decode(encoded, [height, width], context);
      return { probability: tf.sigmoid(maps[this.prediction]), features: poolFeatures(encoded) };
    });
  }

  override fuse(): InfNet {
    return new InfNet(this.fusedParts());
  }

  /** @hidden A network on a store of the caller's. */
  static on(options: InfNetOptions, store: ParameterStore): InfNet {
    return new InfNet({ architecture: INF_NET, options, store, form: 'trainable' });
  }
}
