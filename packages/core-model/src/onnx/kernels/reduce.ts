import { graphAxis } from '../emitter.js';
import type { Attributes, OnnxKernel, Shape } from './kernel.js';

/** Mean, Sum, Max, Min over some axes. `axisName` is what the kernel calls them. */
export function reduction(operator: string, axisName: 'axis' | 'reductionIndices'): OnnxKernel {
  return {
    shapes: ({ x }, attributes) => {
      const axes = axesOf(x!.shape, attributes, axisName);
      const kept = x!.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
      return [attributes['keepDims'] === true ? kept : kept.filter((_, axis) => !axes.includes(axis))];
    },
    emit: ({ inputs, attributes, outputs }, to) => {
      const x = inputs['x']!;
      const rank = x.shape.length;
      const axes = axesOf(x.shape, attributes, axisName);
      const list = to.graph.integers(axes.map((axis) => graphAxis(axis, rank)));
      const reduced = to.node(operator, [to.name(x), list], { keepdims: 1 });
      if (attributes['keepDims'] === true) return [reduced];
      const shape = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
      const value = { shape };
      to.bind(value, reduced);
      const dropped = to.graph.integers(axes);
      return [to.fromPlain(to.node('Squeeze', [to.plain(value), dropped]), outputs[0]!.shape.length)];
    },
  };
}

/** Softmax along an axis, the last one by default. */
export const SOFTMAX: OnnxKernel = {
  shapes: ({ logits }) => [logits!.shape],
  emit: ({ inputs, attributes }, to) => {
    const { logits } = inputs;
    const axis = graphAxis((attributes['dim'] as number | undefined) ?? -1, logits!.shape.length);
    return [to.node('Softmax', [to.name(logits!)], { axis })];
  },
};

function axesOf(shape: Shape, attributes: Attributes, name: string): number[] {
  const given = attributes[name] as number | number[] | undefined | null;
  if (given === undefined || given === null) return shape.map((_, axis) => axis);
  return [given].flat().map((axis) => (axis < 0 ? axis + shape.length : axis));
}
