import type { ConvGeometry } from '../ops/index.js';
import type { ConvNorm } from './conv-norm.js';
import { namedConvNorm } from './named-conv-norm.js';
import type { ParameterScope } from './parameter-store.js';

/** A `ConvNorm` under the reference's names for everything outside the backbone: `<name>.conv.weight` and `<name>.bn.*`. */
export function basicConv(
  scope: ParameterScope,
  name: string,
  inputs: number,
  outputs: number,
  kernel: number | readonly [number, number] = 1,
  geometry: ConvGeometry = {},
): ConvNorm {
  return namedConvNorm(scope.child(name), 'conv', 'bn', { inputs, outputs, kernel, ...geometry });
}
