import { InfNetError, WeightsError } from '../errors.js';
import type { InfNet } from '../inf-net/inf-net.js';
import { ParameterStore } from '../layers/parameter-store.js';
import { recognise } from '../network/model-file.js';
import { Network } from '../network/network.js';
import { loadPretrained, type PretrainedOptions } from '../network/pretrained.js';
import { admitOnly } from '../network/state.js';
import type { WeightsSource } from '../weights/load-weights.js';
import type { StateDict } from '../weights/state-dict.js';
import { SLICE_GATE, type SliceGateOptions, type SliceGateOutputs } from './architecture.js';
import { encoderHash } from './encoder-hash.js';

/** How a {@link SliceGate} is made. */
export interface SliceGateCreateOptions {
  /** Units between vector and answer. Default 32. */
  readonly hidden?: number;
  /** Of the random weights. Default 0. */
  readonly seed?: number;
}

/**
 * Says of a whole slice whether it shows infection: the slice-wise classifier that the paper proposes for volumes, most of
 * whose slices show none. It looks at what the encoder of an Inf-Net has made of the slice (`InfNet.sliceFeatures`), so
 * that one pass through the encoder serves both, and belongs to that encoder: behind another one its answers mean nothing.
 *
 * As a network it takes vectors, [B,1,1,inputs], and gives `infected`, a logit [B,1,1,1].
 */
export class SliceGate extends Network<SliceGateOptions, SliceGateOutputs> {
  /** A gate with random weights for the encoder of a trained Inf-Net. */
  static async create(model: InfNet, { hidden, seed = 0 }: SliceGateCreateOptions = {}): Promise<SliceGate> {
    const options = SLICE_GATE.resolveOptions({
      inputs: model.sliceFeatureLength,
      encoder: await encoderHash(await model.stateDict()),
      ...(hidden !== undefined && { hidden }),
    });
    return SliceGate.#on(options, new ParameterStore({ seed }));
  }

  /** A gate from a file that `save` wrote. @throws {WeightsError} for a file that holds none */
  static async fromPretrained(source: WeightsSource, options: PretrainedOptions = {}): Promise<SliceGate> {
    const { dict, metadata } = await loadPretrained(source, options);
    const recognised = recognise([SLICE_GATE], dict, metadata);
    const store = new ParameterStore(admitOnly(dict));
    try {
      const gate = SliceGate.#on(recognised.options as SliceGateOptions, store);
      gate.loadStateDict(dict);
      return gate;
    } catch (error) {
      store.dispose();
      throw error;
    }
  }

  /** @throws {InfNetError} `gate-mismatch` where the encoder is not the one that the gate was trained behind */
  async checkEncoder(model: InfNet): Promise<void> {
    if (this.options.encoder === (await encoderHash(await model.stateDict()))) return;
    throw new InfNetError(
      'gate-mismatch',
      'the slice gate was trained behind the encoder of another model',
      'use it with the model it was trained for, or train a gate for this one',
    );
  }

  override fuse(): SliceGate {
    return new SliceGate(this.fusedParts());
  }

  static #on(options: SliceGateOptions, store: ParameterStore): SliceGate {
    return new SliceGate({ architecture: SLICE_GATE, options, store, form: 'trainable' });
  }
}

/** The options of the slice gate that a state dict belongs to; undefined where the file's `metadata` names none. */
export function recogniseGate(
  dict: StateDict,
  metadata: Readonly<Record<string, string>>,
): SliceGateOptions | undefined {
  try {
    return recognise([SLICE_GATE], dict, metadata).options as SliceGateOptions;
  } catch (error) {
    if (error instanceof WeightsError) return undefined;
    throw error;
  }
}
