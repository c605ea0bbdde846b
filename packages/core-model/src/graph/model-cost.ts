import * as tf from '@tensorflow/tfjs-core';
import { ParameterStore } from '../layers/parameter-store.js';
import { type ModelName, modelOn, type ModelOptions } from '../network/create-model.js';
import { type KernelCall, onShapes } from './shape-backend.js';

/** What a network costs, as the paper's Table II counts it. */
export interface ModelCost {
  /** The network's options, those that were left out filled in. */
  readonly options: object;
  /** Trained values, those that no forward pass reads included. */
  readonly parameters: number;
  /**
   * Multiply-adds of the convolutions in one forward pass, one for each weight and output value it takes part in
   * ("FLOPs" in the paper). Norms, activations, pools and resizes, a hundredth of the whole, are left out.
   */
  readonly multiplyAdds: number;
}

/** Size of the images that a network's cost is counted for. */
export interface ImageSize {
  /** Images. Default 1. */
  readonly batch?: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Counts the parameters and multiply-adds of a network without making its weights: reads them off the forward pass,
 * run on shapes alone. Takes no backend and a fraction of a second.
 *
 * @throws {OptionError} for an unknown name or an option out of range; {ShapeError} for a size it cannot take.
 */
export function modelCost<Name extends ModelName>(
  name: Name,
  options: Partial<ModelOptions[Name]>,
  { batch = 1, height, width }: ImageSize,
): ModelCost {
  let multiplyAdds = 0;
  const count = (call: KernelCall): void => {
    multiplyAdds += multiplyAddsOf(call);
  };
  return onShapes(() => {
    const model = modelOn(name, options, new ParameterStore('blank'));
    try {
      tf.tidy(() => void model.forward(tf.fill([batch, height, width, model.inputChannels], 0)));
      return { options: model.options, parameters: model.parameterCount, multiplyAdds };
    } finally {
      model.dispose();
    }
  }, count);
}

function multiplyAddsOf({ kernel, inputs, output }: KernelCall): number {
  const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
  const filter = inputs['filter']?.shape;
  switch (kernel) {
    case 'Conv2D':
    case 'FusedConv2D':
      return size(output) * size(filter!.slice(0, 3)); // [kh,kw,C,D]
    case 'Conv2DBackpropInput': // a transposed convolution: each input value meets each weight of its channel
      return size(inputs['dy']!.shape) * size(filter!.slice(0, 3)); // [kh,kw,D,C]
    default:
      return 0;
  }
}
