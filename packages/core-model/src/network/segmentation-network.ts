import type * as tf from '@tensorflow/tfjs-core';
import type { SharedBatch } from '../ops/index.js';
import type { SaveOptions, WeightsTarget } from '../weights/save-weights.js';
import type { StateDict } from '../weights/state-dict.js';
import type { LoadOptions } from './state.js';

/** Maps of a network by name: logits, [B,H,W,.] each, at the size of the input. */
export type NetworkOutputs = Readonly<Record<string, tf.Tensor4D>>;

export interface ForwardOptions {
  /** Normalise by the batch and move the running statistics. Default false. */
  readonly training?: boolean;
  /**
   * Keep only the blocks' inputs for the gradient and compute their insides again: a quarter more time, a fraction of
   * the memory. Default: in training, where the batch is too large for a WebAssembly heap without it (for Inf-Net with
   * Res2Net50 above 380,000 pixels divided by `width`).
   */
  readonly recompute?: boolean;
  /**
   * In training: the images are a part of this batch, other threads hold the rest. Batch norm goes by all of it, and the
   * memory of the machine is divided among them. Default: they are all of it.
   */
  readonly sharedBatch?: SharedBatch | undefined;
}

/** What may be known of a network without running it. */
export interface NetworkTraits<Name extends string = string> {
  /** Channels of the images: 3, or 6 where an infection map lies behind the slice (see `guidedImages`). */
  readonly inputChannels: number;
  /** Channels of the prediction: 1 for infection, 3 for ground-glass opacity, consolidation and background. */
  readonly classes: number;
  /** Height and width of the images are multiples of this. */
  readonly inputMultiple: number;
  /** Height and width are at least this. */
  readonly minimumSize: number;
  /** Names of the maps that the network computes, in the order of `forward`. */
  readonly outputs: readonly Name[];
  /** The one whose sigmoid is the prediction. */
  readonly prediction: Name;
}

/**
 * A network that segments slices, whatever its architecture: what training, export and inference need of it. `InfNet`
 * and everything that `createModel` makes are such.
 */
export interface SegmentationNetwork<Outputs extends NetworkOutputs = NetworkOutputs> extends NetworkTraits<
  keyof Outputs & string
> {
  /** The name under which `createModel` knows the architecture. */
  readonly architecture: string;
  /** The architecture's options: plain JSON, stored with every model file. */
  readonly options: object;
  /** `trainable`, or `fused`: batch norm folded into the convolutions, no gradients, no state dict. */
  readonly form: 'trainable' | 'fused';
  /** Trained values, those of a classifier that no forward pass reads included. */
  readonly parameterCount: number;

  /**
   * @param images [B,H,W,inputChannels], normalised (see `normaliseSlices`).
   * @returns logits, [B,H,W,classes] or, of an edge map, [B,H,W,1]; the caller disposes them.
   * @throws {ShapeError} for other shapes.
   * @throws {BackendLimitError} where the backend in use cannot hold the run, as far as that is known beforehand.
   */
  forward(images: tf.Tensor4D, options?: ForwardOptions): Outputs;

  /** The sigmoid of the output that `prediction` names: [B,H,W,classes] in [0,1]. */
  predict(images: tf.Tensor4D): tf.Tensor4D;

  /** The inference form, a network of its own that needs no memory of this one. */
  fuse(): SegmentationNetwork<Outputs>;

  /** The trainable variables by the state dict's names; kernels are [kh,kw,in,out]. Empty in the fused form and once disposed. */
  parameters(): ReadonlyMap<string, tf.Variable>;

  /** Running means and variances of batch norm by the state dict's names; empty where `parameters` is. */
  buffers(): ReadonlyMap<string, tf.Variable>;

  /** All state, kernels OIHW. Asynchronous, as a GPU's memory cannot be read otherwise. */
  stateDict(): Promise<StateDict>;

  /**
   * Takes over weights, kernels OIHW, float32 or float16.
   *
   * @throws {WeightsError} for a missing, unknown or misshapen tensor; then nothing has changed. `strict: false` takes
   *   what fits by name and shape.
   */
  loadStateDict(dict: StateDict, options?: LoadOptions): void;

  /**
   * Saves the weights, all at once or not at all, with architecture and options in the metadata. The ending of a path says
   * the format: `.pth` and `.pt` are PyTorch checkpoints, `.json` is TensorFlow.js's `model.json`, all else safetensors.
   * In a browser: `indexeddb://NAME`, or an IOHandler of TensorFlow.js.
   */
  save(target: WeightsTarget, options?: SaveOptions): Promise<void>;

  /** Frees the weights; the network cannot be used afterwards. May be called again. */
  dispose(): void;

  [Symbol.dispose](): void;
}
