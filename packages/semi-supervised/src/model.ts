import type * as tf from '@tensorflow/tfjs';
import type { SharedBatch, StateDict } from '@infnet/core-model';

/** What training needs of any network, whatever it takes and gives; every network of `@infnet/core-model` fits. */
export interface TrainableNetwork {
  /** The architecture as plain JSON; stored with every run. */
  readonly options: object;
  /** Trainable variables by name, in a fixed order. */
  parameters(): ReadonlyMap<string, tf.Variable>;
  /** Running statistics of batch norm by name, in a fixed order. */
  buffers(): ReadonlyMap<string, tf.Variable>;
  /** All state by name. */
  stateDict(): Promise<StateDict>;
  loadStateDict(dict: StateDict): void;
  /** Writes weights and architecture as a safetensors file, atomically, with `metadata` beside them. */
  save(path: string, options: { readonly metadata: Readonly<Record<string, string>> }): Promise<void>;
}

/** The five maps of an Inf-Net: logits, [B,H,W,1], input size. S_g, S_5, S_4, S_3 and S_e of the paper. */
export interface SideOutputs {
  readonly globalMap: tf.Tensor4D;
  readonly s5: tf.Tensor4D;
  readonly s4: tf.Tensor4D;
  readonly s3: tf.Tensor4D;
  readonly edge: tf.Tensor4D;
}

/** How a network is run. */
export interface PassOptions {
  /** Normalise by the batch and update the running statistics. */
  readonly training: boolean;
  /** In training: the images are a part of this batch. Default: they are all of it. */
  readonly sharedBatch?: SharedBatch | undefined;
}

/** A network that finds infection as Inf-Net does; `InfNet` of `@infnet/core-model` fits. */
export interface TrainableModel extends TrainableNetwork {
  /** @param images [B,H,W,3], normalised */
  forward(images: tf.Tensor4D, options: PassOptions): SideOutputs;
}
