import { WeightsError } from '../errors.js';

/**
 * Real-valued tensor of a state dict. The values are always held as float32; `dtype` is the width they have, or shall have,
 * in a file.
 */
export interface FloatStateTensor {
  readonly dtype: 'float32' | 'float16';
  readonly shape: readonly number[];
  /** Row-major, in PyTorch's layout (convolutions `[out, in, height, width]`, linear `[out, in]`). */
  readonly data: Float32Array;
}

/** Integer tensor of a state dict, such as the scalar (`shape: []`) `num_batches_tracked` of a batch normalisation. */
export interface IntegerStateTensor {
  readonly dtype: 'int64';
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}

/** One entry of a state dict. */
export type StateTensor = FloatStateTensor | IntegerStateTensor;

/** Weights by name, in the order and with the names, shapes and layout of the reference's PyTorch `state_dict()`. */
export type StateDict = Map<string, StateTensor>;

/** Number of elements of a tensor; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The values as float32, whatever the dtype; int64 beyond 2^24 is rounded. */
export function floatValues(tensor: StateTensor): Float32Array {
  return tensor.dtype === 'int64' ? Float32Array.from(tensor.data, Number) : tensor.data;
}

/** Throws a {@link WeightsError} `invalid-tensor` unless the sides are sound and the values are as many as they say. */
export function checkStateTensor(name: string, { dtype, shape, data }: StateTensor): void {
  const fault = (what: string): WeightsError =>
    new WeightsError(
      'invalid-tensor',
      `tensor "${name}": ${what}`,
      'Give float32 and float16 tensors a Float32Array and int64 tensors a BigInt64Array, with as many values as the shape says.',
    );
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0)) {
    throw fault(`shape [${shape.join(', ')}] has a side that is not a whole number >= 0`);
  }
  const expected = dtype === 'int64' ? BigInt64Array : Float32Array;
  if (!(data instanceof expected)) throw fault(`${dtype} values must be a ${expected.name}`);
  if (data.length !== elementCount(shape)) {
    throw fault(`shape [${shape.join(', ')}] needs ${elementCount(shape)} values, there are ${data.length}`);
  }
}
