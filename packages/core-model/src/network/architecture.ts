import type * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext } from '../layers/context.js';
import type { ParameterStore } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import type { StateDict } from '../weights/state-dict.js';
import type { Footprint } from './footprint.js';
import type { NetworkOutputs, NetworkTraits } from './segmentation-network.js';

/** The wiring of a network, without weights of its own: they lie in the store that it was built on. */
export interface Wiring<Outputs extends NetworkOutputs> {
  /** Every layer with parameters. */
  readonly units: readonly Unit[];
  forward(images: tf.Tensor4D, context: ForwardContext): Outputs;
}

/** One architecture: what `Network` needs to build, check and store it. */
export interface Architecture<Options extends object, Outputs extends NetworkOutputs> {
  readonly name: string;
  /** Fills in defaults and checks ranges. @throws {OptionError} naming the option. */
  resolveOptions(options: Partial<Options>): Options;
  build(store: ParameterStore, options: Options): Wiring<Outputs>;
  traits(options: Options): NetworkTraits<keyof Outputs & string>;
  /** Images times pixels up to which a training step fits a WebAssembly heap without recomputing. */
  keepAllUpTo(options: Options): number;
  /** What runs take besides the weights: it is held against the backend's limits. Left out where it is next to nothing. */
  footprint?(options: Options): Footprint;
  /** The options that belong to weights from elsewhere, by names and shapes; nothing where they are another network's. */
  inferOptions?(dict: StateDict): Options | undefined;
}
