import type { TracedValue } from './trace-backend.js';
import type { Attribute, OnnxGraph } from './onnx-graph.js';

/** Channels to the front, as ONNX wants images, and back. */
const TO_NCHW = [0, 3, 1, 2] as const;
const TO_NHWC = [0, 2, 3, 1] as const;

/**
 * Writes traced values into an ONNX graph. A value of rank 4, [B,H,W,C] in the trace, is [B,C,H,W] in the graph; any
 * other is there as it is.
 */
export class Emitter {
  readonly graph: OnnxGraph;
  readonly #constants: ReadonlyMap<TracedValue, Float32Array>;
  readonly #names = new Map<TracedValue, string>();

  constructor(graph: OnnxGraph, constants: ReadonlyMap<TracedValue, Float32Array>) {
    this.graph = graph;
    this.#constants = constants;
  }

  /** Says under which name a value of the trace stands in the graph. */
  bind(value: TracedValue, name: string): void {
    this.#names.set(value, name);
  }

  /** Adds a node with one output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    return this.graph.node(operator, inputs, attributes);
  }

  /** The name of a value. */
  name(value: TracedValue): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = this.constant(value, value.shape.length === 4 ? TO_NCHW : undefined);
    this.bind(value, name);
    return name;
  }

  /** A constant's numbers, row by row as in the trace; undefined for what depends on the images. */
  numbers(value: TracedValue): Float32Array | undefined {
    return this.#constants.get(value);
  }

  /** A constant of the graph, its axes in the given order. */
  constant(value: TracedValue, axes?: readonly number[]): string {
    const numbers = this.#constants.get(value);
    if (numbers === undefined) throw new TypeError('a value is used before it is computed');
    const shape = axes ? axes.map((axis) => value.shape[axis]!) : value.shape;
    return this.graph.floats(axes ? transpose(numbers, value.shape, axes) : numbers, shape);
  }

  /** A value as an operand beside one of rank 4: [C] becomes [C,1,1]. */
  besideImages(value: TracedValue): string {
    const { length: rank } = value.shape;
    if (rank === 4 || rank === 0) return this.name(value);
    const shape = [...Array<number>(4 - rank).fill(1), ...value.shape];
    const numbers = this.#constants.get(value);
    if (numbers !== undefined) return this.constantOf(numbers, shape);
    return this.fromPlain(this.node('Reshape', [this.name(value), this.graph.integers(shape)]), 4);
  }

  /** Numbers of the trace's layout as a constant. */
  constantOf(numbers: Float32Array, shape: readonly number[]): string {
    if (shape.length !== 4) return this.graph.floats(numbers, shape);
    return this.graph.floats(
      transpose(numbers, shape, TO_NCHW),
      TO_NCHW.map((axis) => shape[axis]!),
    );
  }

  /** A value with the trace's order of axes. */
  plain(value: TracedValue): string {
    const name = this.name(value);
    return value.shape.length === 4 ? this.node('Transpose', [name], { perm: TO_NHWC }) : name;
  }

  /** The reverse of `plain`. */
  fromPlain(name: string, rank: number): string {
    return rank === 4 ? this.node('Transpose', [name], { perm: TO_NCHW }) : name;
  }
}

/** Where an axis of the trace lies in the graph. */
export function graphAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? TO_NHWC[positive as 0 | 1 | 2 | 3] : positive;
}

/** A list that has an entry for each axis, in the graph's order. */
export function inGraphOrder<T>(perAxis: readonly T[]): T[] {
  return perAxis.length === 4 ? TO_NCHW.map((axis) => perAxis[axis]!) : [...perAxis];
}

/** Row-major values with their axes in another order. */
function transpose(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const [width, step] = [sides.at(-1) ?? 1, steps.at(-1) ?? 1];
  const moved = new Float32Array(values.length);
  const index = sides.map(() => 0);
  let from = 0;
  for (let row = 0; row < moved.length; row += width) {
    for (let i = 0; i < width; i++) moved[row + i] = values[from + i * step]!;
    for (let axis = sides.length - 2; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sides[axis]!) break;
      from -= steps[axis]! * sides[axis]!;
      index[axis] = 0;
    }
  }
  return moved;
}
