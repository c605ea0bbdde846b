import { ATTENTION_UNET } from '../baselines/attention-unet.js';
import { DEEPLAB_V3_PLUS, type DeepLabV3PlusOptions } from '../baselines/deeplab-v3-plus.js';
import { DENSE_UNET, type DenseUNetOptions } from '../baselines/dense-unet.js';
import { FCN8S } from '../baselines/fcn8s.js';
import { GATED_UNET } from '../baselines/gated-unet.js';
import { UNET_PLUS_PLUS } from '../baselines/unet-plus-plus.js';
import { UNET } from '../baselines/unet.js';
import { OptionError } from '../errors.js';
import { INF_NET } from '../inf-net/architecture.js';
import { InfNet } from '../inf-net/inf-net.js';
import type { InfNetOptions } from '../inf-net/options.js';
import type { InfNetOutputs } from '../inf-net/wiring.js';
import { ParameterStore } from '../layers/parameter-store.js';
import { MULTI_CLASS_UNET } from '../multi-class/multi-class-unet.js';
import { loadPretrained, type PretrainedOptions } from './pretrained.js';
import type { WeightsSource } from '../weights/load-weights.js';
import type { StateDict } from '../weights/state-dict.js';
import type { Architecture } from './architecture.js';
import { recognise } from './model-file.js';
import { Network } from './network.js';
import type { SliceNetworkOptions, SliceNetworkOutputs } from './slice-options.js';
import { admitOnly } from './state.js';

/** The options of every network that {@link createModel} knows, by its name. */
export interface ModelOptions {
  'inf-net': InfNetOptions;
  unet: SliceNetworkOptions;
  'unet++': SliceNetworkOptions;
  'attention-unet': SliceNetworkOptions;
  'gated-unet': SliceNetworkOptions;
  'dense-unet': DenseUNetOptions;
  'multi-class-unet': SliceNetworkOptions;
  fcn8s: SliceNetworkOptions;
  'deeplabv3+': DeepLabV3PlusOptions;
}

/** A name that {@link createModel} knows. */
export type ModelName = keyof ModelOptions;

/** The network of that name. */
export type ModelOf<Name extends ModelName> = Name extends 'inf-net'
  ? InfNet
  : Network<ModelOptions[Name], SliceNetworkOutputs>;

const ARCHITECTURES: {
  readonly [Name in ModelName]: Architecture<
    ModelOptions[Name],
    Name extends 'inf-net' ? InfNetOutputs : SliceNetworkOutputs
  >;
} = {
  'inf-net': INF_NET,
  unet: UNET,
  'unet++': UNET_PLUS_PLUS,
  'attention-unet': ATTENTION_UNET,
  'gated-unet': GATED_UNET,
  'dense-unet': DENSE_UNET,
  'multi-class-unet': MULTI_CLASS_UNET,
  fcn8s: FCN8S,
  'deeplabv3+': DEEPLAB_V3_PLUS,
};

/** Every name that {@link createModel} knows. */
export const MODEL_NAMES: readonly ModelName[] = Object.keys(ARCHITECTURES) as ModelName[];

/**
 * A network with random weights on the current backend: Inf-Net, one of its ablations, or one that the paper compares
 * it with.
 *
 * @param options the network's own, and `seed` of the random weights (default 0).
 * @throws {OptionError} for an unknown name or an option out of range.
 */
export function createModel<Name extends ModelName>(
  name: Name,
  { seed = 0, ...options }: Partial<ModelOptions[Name]> & { readonly seed?: number } = {},
): ModelOf<Name> {
  return modelOn(name, options, new ParameterStore({ seed })) as ModelOf<Name>;
}

/**
 * A network of any architecture from a file that `save` wrote; of a file from elsewhere, such as the authors' PyTorch
 * checkpoints, where the names of its tensors tell which one it is.
 *
 * @param source path, URL, IOHandler of TensorFlow.js, or the bytes themselves; safetensors or `.pth`.
 * @throws {WeightsError} for a file that cannot be read or holds none of the networks.
 */
export async function loadModel(
  source: WeightsSource,
  options: PretrainedOptions = {},
): Promise<ModelOf<ModelName>> {
  const { dict, metadata } = await loadPretrained(source, options);
  return modelFromState(dict, metadata);
}

/** A network by its name, and the options it was made with. */
export interface RecognisedModel {
  readonly name: ModelName;
  readonly options: object;
}

/**
 * Which network a state dict belongs to: by the `metadata` of the file it lay in, else by names and shapes.
 *
 * @throws {WeightsError} where it is none of those that {@link createModel} knows.
 */
export function recogniseModel(
  dict: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): RecognisedModel {
  const { architecture, options } = recognise(Object.values(ARCHITECTURES), dict, metadata);
  return { name: architecture.name as ModelName, options };
}

/** A network that takes over a state dict; `metadata` is that of the file it lay in. @throws {WeightsError} */
export function modelFromState(
  dict: StateDict,
  metadata: Readonly<Record<string, string>> = {},
): ModelOf<ModelName> {
  const { name, options } = recogniseModel(dict, metadata);
  const store = new ParameterStore(admitOnly(dict));
  try {
    const model = modelOn(name, options, store);
    model.loadStateDict(dict);
    return model;
  } catch (error) {
    store.dispose();
    throw error;
  }
}

/** A network on a store of the caller's. */
export function modelOn(name: ModelName, options: object, store: ParameterStore): ModelOf<ModelName> {
  if (!Object.hasOwn(ARCHITECTURES, name)) {
    throw new OptionError(`unknown network '${name}'`, `use one of ${MODEL_NAMES.join(', ')}`);
  }
  if (name === 'inf-net') return InfNet.on(INF_NET.resolveOptions(options), store);
  const architecture = ARCHITECTURES[name];
  return Network.of({
    architecture,
    options: architecture.resolveOptions(options),
    store,
    form: 'trainable',
  });
}
