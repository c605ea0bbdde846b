import * as tf from '@tensorflow/tfjs-core';
import { InfNetError, ShapeError } from '../errors.js';
import { ParameterStore } from '../layers/parameter-store.js';
import { readBytes, type ReadOptions, writeBytes } from '../weights/files.js';
import { readSafetensorsFile, writeSafetensors } from '../weights/safetensors.js';
import type { StateDict } from '../weights/state-dict.js';
import type { WriteOptions } from '../weights/stored-values.js';
import { InfNetArchitecture, type InfNetOutputs } from './architecture.js';
import { type InfNetOptions, resolveOptions } from './options.js';
import { exportState, importState, type LoadOptions } from './state.js';
import { metadataOf, optionsOf } from './model-file.js';

export interface CreateOptions extends Partial<InfNetOptions> {
  /** Of the random weights. Default 0. */
  readonly seed?: number;
}

export interface ForwardOptions {
  /** Normalise by the batch and move the running statistics. Default false. */
  readonly training?: boolean;
  /**
   * Keep only the blocks' inputs for the gradient and compute their insides again: a third more time, a fraction of
   * the memory. Default: in training, where the images are too large for a WebAssembly heap without it.
   */
  readonly recompute?: boolean;
}

/** Images times pixels times width up to which a training step fits a WebAssembly heap without recomputing. */
const KEEP_ALL_UP_TO = 110_000;
/** The deepest feature is this many times smaller than the image. */
const STRIDE = 32;

/**
 * Inf-Net (Fan et al., IEEE TMI 2020): infected lung regions in CT slices, as five maps of logits. Owns its weights;
 * call `dispose()` when done. `fuse()` gives the faster inference form.
 */
export class InfNet {
  readonly options: InfNetOptions;
  /** `trainable`, or `fused`: batch norm folded into the convolutions, no gradients, no state dict. */
  readonly form: 'trainable' | 'fused';
  readonly #store: ParameterStore;
  readonly #architecture: InfNetArchitecture;

  private constructor(options: InfNetOptions, store: ParameterStore, form: 'trainable' | 'fused') {
    this.options = options;
    this.form = form;
    this.#store = store;
    this.#architecture = new InfNetArchitecture(store, options);
  }

  /** A network with random weights on the current backend. @throws {OptionError} for an option out of range. */
  static create({ seed = 0, ...options }: CreateOptions = {}): InfNet {
    return new InfNet(resolveOptions(options), new ParameterStore(seed), 'trainable');
  }

  /**
   * A network from a safetensors file. Its options come from the file's metadata, or, in a file of another origin,
   * from the shapes of its tensors.
   *
   * @param source path, URL, or the bytes themselves.
   * @throws {WeightsError} for a file that cannot be read or does not hold an Inf-Net.
   */
  static async fromPretrained(source: string | URL | Uint8Array, options: ReadOptions = {}): Promise<InfNet> {
    const { dict, metadata } = readSafetensorsFile(await readBytes(source, options));
    const model = new InfNet(optionsOf(dict, metadata), new ParameterStore(0, { blank: true }), 'trainable');
    try {
      model.loadStateDict(dict);
    } catch (error) {
      model.dispose();
      throw error;
    }
    return model;
  }

  /**
   * @param images [B,H,W,3], normalised (see `normaliseSlices`); H and W multiples of 32.
   * @returns logits, [B,H,W,1] each; the caller disposes them.
   * @throws {ShapeError} for other shapes.
   */
  forward(images: tf.Tensor4D, { training = false, recompute }: ForwardOptions = {}): InfNetOutputs {
    checkImages(images);
    if (training && this.form === 'fused') {
      throw new InfNetError(
        'fused-form',
        'a fused network cannot be trained',
        'train the network that it was made from',
      );
    }
    const [batch, height, width] = images.shape;
    const large = training && batch * height * width * this.options.width > KEEP_ALL_UP_TO;
    const context = { training, recompute: recompute ?? large, updateStatistics: true };
    return tf.tidy(
      () => this.#architecture.forward(images, context) as InfNetOutputs & tf.TensorContainerObject,
    );
  }

  /** Infection probability, the sigmoid of S_3: [B,H,W,3] to [B,H,W,1] in [0,1]. */
  predict(images: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => tf.sigmoid(this.forward(images).s3));
  }

  /** The inference form, a copy with weights of its own: about 1.2 times as fast on wasm. */
  fuse(): InfNet {
    if (this.form === 'fused') {
      throw new InfNetError('fused-form', 'this network is fused already', 'use it as it is');
    }
    const fused = new InfNet(this.options, new ParameterStore(0, { blank: true }), 'fused');
    for (const [name, entry] of this.#store.entries) {
      const own = fused.#store.entries.get(name);
      if ('variable' in entry && own && 'variable' in own) own.variable.assign(entry.variable);
    }
    for (const unit of fused.#architecture.units) unit.fold();
    return fused;
  }

  /** The trainable variables under the reference's names; kernels are [kh,kw,in,out]. Empty once disposed. */
  parameters(): ReadonlyMap<string, tf.Variable> {
    return this.#store.variables('parameter');
  }

  /** Running means and variances under the reference's names. */
  buffers(): ReadonlyMap<string, tf.Variable> {
    return this.#store.variables('buffer');
  }

  /** All state under the reference's names, kernels OIHW. Asynchronous, as a GPU's memory cannot be read otherwise. */
  async stateDict(): Promise<StateDict> {
    if (this.form === 'fused') {
      throw new InfNetError(
        'fused-form',
        'a fused network has no state dict',
        'ask the network that it was made from',
      );
    }
    return exportState(this.#store);
  }

  /**
   * Takes over weights under the reference's names, kernels OIHW, float32 or float16.
   *
   * @throws {WeightsError} for a missing, unknown or misshapen tensor; then nothing has changed. `strict: false` takes
   *   what fits by name and shape.
   */
  loadStateDict(dict: StateDict, options: LoadOptions = {}): void {
    if (this.form === 'fused') {
      throw new InfNetError('fused-form', 'a fused network takes no state dict', 'load first, then fuse');
    }
    importState(this.#store, dict, options);
  }

  /** Writes a safetensors file, all at once or not at all, with the options in its metadata. */
  async save(path: string | URL, options: WriteOptions = {}): Promise<void> {
    const metadata = { ...options.metadata, ...metadataOf(this.options) };
    await writeBytes(path, writeSafetensors(await this.stateDict(), { ...options, metadata }));
  }

  /** Frees the weights; the network cannot be used afterwards. May be called again. */
  dispose(): void {
    for (const unit of this.#architecture.units) unit.dispose();
    this.#store.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function checkImages(images: tf.Tensor4D): void {
  const shape = images.shape as readonly number[];
  if (shape.length !== 4 || shape[3] !== 3) {
    throw new ShapeError(
      'invalid-shape',
      `images have shape [${shape.join(',')}]`,
      'give [batch, height, width, 3]',
    );
  }
  if (shape[1]! % STRIDE !== 0 || shape[2]! % STRIDE !== 0 || images.size === 0) {
    throw new ShapeError(
      'invalid-size',
      `images are ${shape[1]}x${shape[2]}`,
      `resize them so that each side is a multiple of ${STRIDE}`,
    );
  }
}
