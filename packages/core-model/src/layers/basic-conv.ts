import type { ConvGeometry } from '../ops/index.js';
import { ConvNorm } from './conv-norm.js';
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
  const place = scope.child(name);
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  return new ConvNorm(
    place.kernel('conv.weight', [kh, kw, inputs, outputs], 'torch-default'),
    place.norm('bn', outputs),
    { geometry },
  );
}
