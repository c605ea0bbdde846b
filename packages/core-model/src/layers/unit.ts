import type * as tf from '@tensorflow/tfjs-core';

/** A layer with parameters: what a network is made of, trains, and folds for inference. */
export interface Unit {
  /** What a training step moves, in the order of the state dict. */
  readonly variables: readonly tf.Variable[];
  /**
   * Turns to the inference form: the layer makes tensors of its own and reads its variables no longer. From here on
   * there is no gradient.
   */
  fold(): void;
  /** Frees what `fold()` made; the variables belong to the store. */
  dispose(): void;
}

/** The variables of several layers, in their order. */
export function variablesOf(units: readonly Unit[]): tf.Variable[] {
  return units.flatMap(({ variables }) => variables);
}
