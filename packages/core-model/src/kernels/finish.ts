import type * as tf from '@tensorflow/tfjs-core';
import { addressOf } from './memory.js';

/** What a convolution with bias does besides: times `gate`, before the bias, plus `residual`, behind it, ReLU at last. */
export interface Epilogue {
  /** [B,H',W',1] */
  readonly gate?: tf.Tensor4D | undefined;
  /** [B,H',W',D] */
  readonly residual?: tf.Tensor4D | undefined;
  readonly relu?: boolean;
}

/** What happens to a convolution's sums. */
export interface Finish extends Epilogue {
  /** [D] */
  readonly bias?: tf.Tensor1D | undefined;
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
