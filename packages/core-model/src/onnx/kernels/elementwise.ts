import { InfNetError } from '../../errors.js';
import type { Attribute } from '../onnx-graph.js';
import type { Emitter } from '../emitter.js';
import type { TracedValue } from '../trace-backend.js';
import type { Attributes, OnnxKernel, Shape } from './kernel.js';

/** A function of one tensor that ONNX has under `operator`. */
export function unary(
  operator: string,
  attributesOf: (attributes: Attributes) => Record<string, Attribute> = () => ({}),
): OnnxKernel {
  return {
    shapes: ({ x }) => [x!.shape],
    emit: ({ inputs, attributes }, to) => [
      to.node(operator, [to.name(inputs['x']!)], attributesOf(attributes)),
    ],
  };
}

/** A function of two tensors, the smaller spread over the larger. */
export function binary(operator: string): OnnxKernel {
  return {
    shapes: ({ a, b }) => [broadcast(a!.shape, b!.shape)],
    emit: ({ inputs, outputs }, to) => [
      to.node(
        operator,
        [inputs['a']!, inputs['b']!].map((value) => operand(value, outputs[0]!, to)),
      ),
    ],
  };
}

/** AddN: the sum of tensors of one shape. */
export const SUM_OF_ALL: OnnxKernel = {
  shapes: (inputs) => [inputs['0']!.shape],
  emit: ({ inputs }, to) => [
    to.node(
      'Sum',
      Object.values(inputs).map((value) => to.name(value)),
    ),
  ],
};

/** ClipByValue. */
export const CLIP: OnnxKernel = {
  shapes: ({ x }) => [x!.shape],
  emit: ({ inputs, attributes }, to) => [
    to.node('Clip', [
      to.name(inputs['x']!),
      to.graph.floats(Float32Array.of(attributes['clipValueMin'] as number), []),
      to.graph.floats(Float32Array.of(attributes['clipValueMax'] as number), []),
    ]),
  ],
};

/** Square: x times x. */
export const SQUARE: OnnxKernel = {
  shapes: ({ x }) => [x!.shape],
  emit: ({ inputs }, to) => {
    const x = to.name(inputs['x']!);
    return [to.node('Mul', [x, x])];
  },
};

/** Rsqrt: one over the root. */
export const RECIPROCAL_ROOT: OnnxKernel = {
  shapes: ({ x }) => [x!.shape],
  emit: ({ inputs }, to) => [to.node('Reciprocal', [to.node('Sqrt', [to.name(inputs['x']!)])])],
};

/** The activation that is fused into a kernel. */
export function activate(value: string, attributes: Attributes, to: Emitter): string {
  const activation = (attributes['activation'] as string | undefined | null) ?? 'linear';
  switch (activation) {
    case 'linear':
      return value;
    case 'relu':
      return to.node('Relu', [value]);
    case 'sigmoid':
      return to.node('Sigmoid', [value]);
    case 'leakyrelu':
      return to.node('LeakyRelu', [value], { alpha: { float: attributes['leakyreluAlpha'] as number } });
    default:
      throw new InfNetError(
        'unsupported-op',
        `the activation '${activation}' has no form in ONNX here`,
        'export another network, or report this one',
      );
  }
}

function operand(value: TracedValue, result: TracedValue, to: Emitter): string {
  return result.shape.length === 4 ? to.besideImages(value) : to.name(value);
}

/** The shape of a sum: sides of 1, and sides that are not there, are repeated. */
function broadcast(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const side = (shape: Shape, axis: number): number => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => Math.max(side(a, axis), side(b, axis)));
}
