import { InfNetError } from '../../errors.js';
import type { Emitter } from '../emitter.js';
import { graphAxis, inGraphOrder } from '../emitter.js';
import type { TracedValue } from '../trace-backend.js';
import type { OnnxKernel, Shape } from './kernel.js';

/** Concat along one axis; parts without elements are left out, as TensorFlow.js does. */
export const CONCAT: OnnxKernel = {
  shapes: (inputs, attributes) => {
    const parts = Object.values(inputs).map(({ shape }) => shape);
    const axis = positive(attributes['axis'] as number, parts[0]!.length);
    const shape = [...parts[0]!];
    shape[axis] = parts.reduce((sum, part) => sum + part[axis]!, 0);
    return [shape];
  },
  emit: ({ inputs, attributes, outputs }, to) => {
    const axis = graphAxis(attributes['axis'] as number, outputs[0]!.shape.length);
    const parts = Object.values(inputs).map((value) => to.name(value));
    return [to.node('Concat', parts, { axis })];
  },
};

/** Slice: `size` elements from `begin`; a size of -1 reaches to the end. */
export const SLICE: OnnxKernel = {
  shapes: ({ x }, attributes) => [sliceSizes(x!.shape, attributes)],
  emit: ({ inputs, attributes }, to) => {
    const { x } = inputs;
    const begin = attributes['begin'] as number[];
    const sizes = sliceSizes(x!.shape, attributes);
    return [cut(x!, begin, sizes, to)];
  },
};

/** SplitV: consecutive slices along one axis. */
export const SPLIT: OnnxKernel = {
  shapes: ({ x }, attributes) =>
    splitSizes(x!.shape, attributes).map((size) =>
      x!.shape.with(positive(attributes['axis'] as number, x!.shape.length), size),
    ),
  emit: ({ inputs, attributes }, to) => {
    const { x } = inputs;
    const axis = positive(attributes['axis'] as number, x!.shape.length);
    let at = 0;
    return splitSizes(x!.shape, attributes).map((size) => {
      const begin = x!.shape.map((_, i) => (i === axis ? at : 0));
      at += size;
      return cut(x!, begin, x!.shape.with(axis, size), to);
    });
  },
};

/** PadV2: `constantValue` around. */
export const PAD: OnnxKernel = {
  shapes: ({ x }, attributes) => {
    const paddings = attributes['paddings'] as [number, number][];
    return [x!.shape.map((side, axis) => side + paddings[axis]![0] + paddings[axis]![1])];
  },
  emit: ({ inputs, attributes }, to) => {
    const paddings = inGraphOrder(attributes['paddings'] as [number, number][]);
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    const value = Float32Array.of((attributes['constantValue'] as number | undefined) ?? 0);
    return [
      to.node('Pad', [to.name(inputs['x']!), to.graph.integers(pads), to.graph.floats(value, [])], {
        mode: 'constant',
      }),
    ];
  },
};

/** Reshape. */
export const RESHAPE: OnnxKernel = {
  shapes: ({ x }, attributes) => {
    const shape = attributes['shape'] as number[];
    const known = shape.filter((side) => side >= 0).reduce((product, side) => product * side, 1);
    return [shape.map((side) => (side >= 0 ? side : sizeOf(x!.shape) / known))];
  },
  emit: ({ inputs, outputs }, to) => [reshape(inputs['x']!, outputs[0]!.shape, to)],
};

/** ExpandDims: a side of 1 at `dim`. */
export const EXPAND: OnnxKernel = {
  shapes: ({ input }, attributes) => {
    const { shape } = input!;
    return [shape.toSpliced(positive(attributes['dim'] as number, shape.length + 1), 0, 1)];
  },
  emit: ({ inputs, outputs }, to) => [reshape(inputs['input']!, outputs[0]!.shape, to)],
};

/** Cast of what is float32 already; traced values are nothing else. */
export const CAST: OnnxKernel = {
  shapes: ({ x }, { dtype }) => {
    if (dtype === 'float32') return [x!.shape];
    throw new InfNetError(
      'unsupported-op',
      `the network turns its values to ${String(dtype)}, which has no form in ONNX here`,
      'compute in float32 throughout',
    );
  },
  emit: ({ inputs }, to) => [to.name(inputs['x']!)],
};

/** Identity. */
export const IDENTITY: OnnxKernel = {
  shapes: ({ x }) => [x!.shape],
  emit: ({ inputs }, to) => [to.name(inputs['x']!)],
};

/** Transpose. */
export const TRANSPOSE: OnnxKernel = {
  shapes: ({ x }, attributes) => [(attributes['perm'] as number[]).map((axis) => x!.shape[axis]!)],
  emit: ({ inputs, attributes, outputs }, to) => {
    const turned = to.node('Transpose', [to.plain(inputs['x']!)], { perm: attributes['perm'] as number[] });
    return [to.fromPlain(turned, outputs[0]!.shape.length)];
  },
};

/** Tile: each axis repeated. */
export const TILE: OnnxKernel = {
  shapes: ({ x }, attributes) => [x!.shape.map((side, i) => side * (attributes['reps'] as number[])[i]!)],
  emit: ({ inputs, attributes }, to) => [
    to.node('Tile', [to.name(inputs['x']!), to.graph.integers(inGraphOrder(attributes['reps'] as number[]))]),
  ],
};

/** A value read in another shape. Where the first side stays, it may be of any size when the graph runs. */
function reshape(x: TracedValue, shape: Shape, to: Emitter): string {
  const target = shape.map((side, axis) => (axis === 0 && side === x.shape[0] ? 0 : side));
  return to.fromPlain(to.node('Reshape', [to.plain(x), to.graph.integers(target)]), shape.length);
}

/** A box cut out; axes of which all is taken are not named, so that the batch may be of any size. */
function cut(x: TracedValue, begin: readonly number[], sizes: readonly number[], to: Emitter): string {
  const axes = x.shape.flatMap((side, axis) => (sizes[axis] === side ? [] : [axis]));
  if (axes.length === 0) return to.name(x);
  const list = (values: readonly number[]): string => to.graph.integers(values);
  return to.node('Slice', [
    to.name(x),
    list(axes.map((axis) => begin[axis]!)),
    list(axes.map((axis) => begin[axis]! + sizes[axis]!)),
    list(axes.map((axis) => graphAxis(axis, x.shape.length))),
  ]);
}

function sliceSizes(shape: Shape, attributes: Readonly<Record<string, unknown>>): number[] {
  const begin = attributes['begin'] as number[];
  const size = attributes['size'] as number[];
  return shape.map((side, axis) => (size[axis]! < 0 ? side - begin[axis]! : size[axis]!));
}

function splitSizes(shape: Shape, attributes: Readonly<Record<string, unknown>>): number[] {
  const parts = attributes['numOrSizeSplits'] as number | number[];
  const side = shape[positive(attributes['axis'] as number, shape.length)]!;
  if (typeof parts === 'number') return Array<number>(parts).fill(side / parts);
  const known = parts.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  return parts.map((size) => (size >= 0 ? size : side - known));
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function sizeOf(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}
