import { ParameterStore } from '../layers/parameter-store.js';
import { type ModelName, modelOn, type ModelOptions } from '../network/create-model.js';
import { multiplyAdds } from './multiply-adds.js';
import { onShapes } from './shape-backend.js';
import { traceNetwork, type TraceSize } from './trace.js';

/** What a network costs, as the paper's Table II counts it. */
export interface ModelCost {
  /** Trained values, those that no forward pass reads included. */
  readonly parameters: number;
  /** Multiply-adds of the convolutions in one forward pass ("FLOPs" in the paper). */
  readonly multiplyAdds: number;
}

/**
 * Counts the parameters and multiply-adds of a network without making its weights; takes no backend and a fraction of a
 * second.
 *
 * @param size of the images; `batch` is 1 if left out.
 * @throws {OptionError} for an unknown name or an option out of range; {ShapeError} for a size it cannot take.
 */
export function modelCost<Name extends ModelName>(
  name: Name,
  options: Partial<ModelOptions[Name]>,
  size: TraceSize,
): ModelCost {
  const model = onShapes(() => modelOn(name, options, new ParameterStore('blank')), {
    onCall: () => undefined,
  });
  try {
    return { parameters: model.parameterCount, multiplyAdds: multiplyAdds(traceNetwork(model, size)) };
  } finally {
    model.dispose();
  }
}
