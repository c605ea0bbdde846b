import * as tf from '@tensorflow/tfjs-core';
import { InfNetError } from '../errors.js';
import type { ForwardContext } from '../layers/context.js';
import { backendLimits } from '../backend/limits.js';
import { ParameterStore } from '../layers/parameter-store.js';
import { type SaveOptions, saveWeights, type WeightsTarget } from '../weights/save-weights.js';
import type { StateDict } from '../weights/state-dict.js';
import type { Architecture, Wiring } from './architecture.js';
import { checkRun, type RunKind, type RunNeed, type RunSize } from '../backend/check-run.js';
import { checkImages } from './check-images.js';
import { needOf, type WeightSizes } from './footprint.js';
import { metadataOf } from './model-file.js';
import type {
  ForwardOptions,
  NetworkOutputs,
  NetworkTraits,
  SegmentationNetwork,
} from './segmentation-network.js';
import { countParameters, exportState, importState, type LoadOptions, weightSizes } from './state.js';

/** What a network is made from. */
export interface NetworkParts<Options extends object, Outputs extends NetworkOutputs> {
  readonly architecture: Architecture<Options, Outputs>;
  readonly options: Options;
  readonly store: ParameterStore;
  readonly form: 'trainable' | 'fused';
}

/**
 * A network of any architecture. Owns its weights; call `dispose()` when done. `fuse()` gives the faster inference
 * form. Made by `createModel` and `loadModel`.
 */
export class Network<
  Options extends object = object,
  Outputs extends NetworkOutputs = NetworkOutputs,
> implements SegmentationNetwork<Outputs> {
  readonly options: Options;
  readonly form: 'trainable' | 'fused';
  readonly parameterCount: number;
  readonly #architecture: Architecture<Options, Outputs>;
  readonly #traits: NetworkTraits<keyof Outputs & string>;
  readonly #store: ParameterStore;
  readonly #wiring: Wiring<Outputs>;
  readonly #weights: WeightSizes;

  /** @hidden */
  protected constructor({ architecture, options, store, form }: NetworkParts<Options, Outputs>) {
    this.options = options;
    this.form = form;
    this.#architecture = architecture;
    this.#traits = architecture.traits(options);
    this.#store = store;
    this.#wiring = architecture.build(store, options);
    this.parameterCount = countParameters(store);
    this.#weights = weightSizes(store);
    if (form === 'fused') {
      for (const unit of this.#wiring.units) unit.fold();
      store.dispose();
    }
  }

  /** @hidden A network of the given parts. */
  static of<Options extends object, Outputs extends NetworkOutputs>(
    parts: NetworkParts<Options, Outputs>,
  ): Network<Options, Outputs> {
    return new Network(parts);
  }

  get architecture(): string {
    return this.#architecture.name;
  }

  get inputChannels(): number {
    return this.#traits.inputChannels;
  }

  get classes(): number {
    return this.#traits.classes;
  }

  get inputMultiple(): number {
    return this.#traits.inputMultiple;
  }

  get minimumSize(): number {
    return this.#traits.minimumSize;
  }

  get outputs(): readonly (keyof Outputs & string)[] {
    return this.#traits.outputs;
  }

  get prediction(): keyof Outputs & string {
    return this.#traits.prediction;
  }

  forward(images: tf.Tensor4D, options: ForwardOptions = {}): Outputs {
    return this.pass(images, options, (wiring, context) => wiring.forward(images, context));
  }

  /** @hidden A checked pass through the wiring, or a part of it; what `run` does not give is freed. */
  protected pass<Result extends tf.TensorContainer>(
    images: tf.Tensor4D,
    { training = false, recompute, sharedBatch }: ForwardOptions,
    run: (wiring: Wiring<Outputs>, context: ForwardContext) => Result,
  ): Result {
    checkImages(images, this.#traits);
    if (training) this.#refuseFused('cannot be trained', 'train the network that it was made from');
    const [batch, height, width] = images.shape;
    const slices = sharedBatch?.largestPart ?? batch; // all parts decide alike: a recomputed batch norm exchanges once more
    const large = training && slices * height * width > this.#architecture.keepAllUpTo(this.options);
    const context = {
      training,
      recompute: this.form === 'trainable' && (recompute ?? large),
      updateStatistics: true,
      sharedBatch,
    };
    const kind = training ? (context.recompute ? 'train-recomputing' : 'train') : 'predict';
    const need = this.needOf(kind);
    if (need) checkRun(need, { batch, height, width }, backendLimits(sharedBatch?.parts));
    return tf.tidy(() => run(this.#wiring, context));
  }

  predict(images: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => tf.sigmoid(this.forward(images)[this.prediction]!));
  }

  /** The inference form: about 1.2 times as fast on wasm, and its weights take no more memory than the trainable form's. */
  fuse(): Network<Options, Outputs> {
    return new Network(this.fusedParts());
  }

  parameters(): ReadonlyMap<string, tf.Variable> {
    return this.#store.variables('parameter');
  }

  buffers(): ReadonlyMap<string, tf.Variable> {
    return this.#store.variables('buffer');
  }

  async stateDict(): Promise<StateDict> {
    this.#refuseFused('has no state dict', 'ask the network that it was made from');
    return exportState(this.#store);
  }

  loadStateDict(dict: StateDict, options: LoadOptions = {}): void {
    this.#refuseFused('takes no state dict', 'load first, then fuse');
    importState(this.#store, dict, options);
  }

  async save(target: WeightsTarget, options: SaveOptions = {}): Promise<void> {
    const metadata = { ...options.metadata, ...metadataOf(this.architecture, this.options) };
    await saveWeights(target, await this.stateDict(), { ...options, metadata });
  }

  dispose(): void {
    for (const unit of this.#wiring.units) unit.dispose();
    this.#store.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @hidden What a run of a size takes besides the weights. */
  needOf(kind: RunKind): ((size: RunSize) => RunNeed) | undefined {
    const footprint = this.#architecture.footprint?.(this.options);
    return footprint && needOf(footprint, this.#weights, kind);
  }

  /** @hidden */
  protected get wiring(): Wiring<Outputs> {
    return this.#wiring;
  }

  /** @hidden What the fused form is made from: the same tensors, until its layers have folded them. */
  protected fusedParts(): NetworkParts<Options, Outputs> {
    this.#refuseFused('is fused already', 'use it as it is');
    return {
      architecture: this.#architecture,
      options: this.options,
      store: new ParameterStore(this.#store),
      form: 'fused',
    };
  }

  #refuseFused(what: string, hint: string): void {
    if (this.form === 'fused') throw new InfNetError('fused-form', `a fused network ${what}`, hint);
  }
}
