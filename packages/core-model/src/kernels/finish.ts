import type * as tf from '@tensorflow/tfjs-core';
import { addressOf } from './memory.js';

/** What happens to a convolution's sums, in this order: times `gate`, plus `bias`, plus `residual`, ReLU. */
export interface Finish {
  /** [B,H',W',1] */
  readonly gate?: tf.Tensor4D | undefined;
  /** [D] */
  readonly bias?: tf.Tensor1D | undefined;
  /** [B,H',W',D] */
  readonly residual?: tf.Tensor4D | undefined;
  readonly relu?: boolean;
}

/** As the kernels take it; see `Finish` in packages/core-model/kernels. */
export function finishNumbers(
  output: tf.TensorInfo,
  { bias, gate, residual, relu = false }: Finish,
): readonly number[] {
  return [
    addressOf(output),
    output.shape.at(-1)!,
    addressOf(bias),
    addressOf(gate),
    addressOf(residual),
    Number(relu),
  ];
}
