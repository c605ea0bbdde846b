import { ParameterStore } from '../layers/parameter-store.js';
import { recognise } from '../network/model-file.js';
import { Network } from '../network/network.js';
import { loadPretrained, type PretrainedOptions } from '../network/pretrained.js';
import type { WeightsSource } from '../weights/load-weights.js';
import { admitOnly } from '../network/state.js';
import { INF_NET } from './architecture.js';
import type { InfNetOptions } from './options.js';
import type { InfNetOutputs } from './wiring.js';

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

  override fuse(): InfNet {
    return new InfNet(this.fusedParts());
  }

  /** @hidden A network on a store of the caller's. */
  static on(options: InfNetOptions, store: ParameterStore): InfNet {
    return new InfNet({ architecture: INF_NET, options, store, form: 'trainable' });
  }
}
