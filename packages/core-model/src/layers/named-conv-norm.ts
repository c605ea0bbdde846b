import type { ConvGeometry } from '../ops/index.js';
import { ConvNorm } from './conv-norm.js';
import type { Initialiser } from './initialise.js';
import type { ParameterScope } from './parameter-store.js';

export interface ConvNormSpec extends ConvGeometry {
  readonly inputs: number;
  readonly outputs: number;
  /** Side of a square kernel, or [rows, columns]. Default 1. */
  readonly kernel?: number | readonly [number, number];
  /** Default false. */
  readonly bias?: boolean;
  /** See `ConvNorm.forwardGroups`. Default 1. */
  readonly groups?: number;
  /** How the kernel is drawn. Default PyTorch's own. */
  readonly initialiser?: Initialiser;
}

/** A `ConvNorm` whose convolution and norm bear these names in `scope`. */
export function namedConvNorm(
  scope: ParameterScope,
  conv: string,
  norm: string,
  spec: ConvNormSpec,
): ConvNorm {
  const {
    inputs,
    outputs,
    kernel = 1,
    bias = false,
    groups = 1,
    initialiser = 'torch-default',
    ...geometry
  } = spec;
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const weights = scope.kernel(`${conv}.weight`, [kh, kw, inputs, outputs], initialiser);
  const biases = bias ? scope.bias(`${conv}.bias`, outputs, kh * kw * inputs) : undefined;
  return new ConvNorm(weights, scope.norm(norm, outputs), {
    geometry,
    groups,
    ...(biases ? { bias: biases } : {}),
  });
}
