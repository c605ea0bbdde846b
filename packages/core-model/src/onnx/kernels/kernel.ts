import type { Emitter } from '../emitter.js';
import type { TracedNode, TracedValue } from '../trace-backend.js';

export type Shape = readonly number[];
export type Inputs = Readonly<Record<string, TracedValue>>;
export type Attributes = Readonly<Record<string, unknown>>;

/** How one kernel of TensorFlow.js is written in ONNX. */
export interface OnnxKernel {
  /** Shapes of its outputs, as in the trace. */
  readonly shapes: (inputs: Inputs, attributes: Attributes) => readonly Shape[];
  /** Adds its nodes. @returns the names of its outputs */
  readonly emit: (node: TracedNode, to: Emitter) => readonly string[];
}
