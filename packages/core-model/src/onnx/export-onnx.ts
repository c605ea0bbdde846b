import * as tf from '@tensorflow/tfjs-core';
import { InfNetError, OptionError } from '../errors.js';
import { Emitter } from './emitter.js';
import { OnnxGraph, type Port } from './onnx-graph.js';
import { kernelFor, trace, type Trace } from './trace.js';
import type { TracedNode, TracedValue } from './trace-backend.js';

/** What {@link exportOnnx} needs of a network: every network of this package has it. */
export interface ExportableNetwork {
  readonly form: 'trainable' | 'fused';
  readonly inputChannels: number;
  /** The output whose sigmoid is the prediction. */
  readonly prediction: string;
  forward(images: tf.Tensor4D): Readonly<Record<string, tf.Tensor4D>>;
  fuse(): ExportableNetwork;
  dispose(): void;
}

/** How {@link exportOnnx} writes a network. */
export interface OnnxOptions {
  /** Size of the images in pixels. It is fixed in the file. Default 352x352. */
  readonly height?: number;
  readonly width?: number;
  /** Images in one run, or `dynamic`: as many as are given. Default 1. */
  readonly batch?: number | 'dynamic';
  /**
   * What the file computes: names of the network's outputs (logits), or `probability`, the sigmoid of its prediction.
   * What none of them needs is left out. Default `['probability']`.
   */
  readonly outputs?: readonly string[];
  /** Texts to keep in the file (`metadata_props`). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a network as an ONNX model (opset 18: onnxruntime 1.14 and later, onnxruntime-web) with batch norm folded into the
 * convolutions. The network's own forward pass is traced, so that any network of this package can be exported and none
 * is described twice.
 *
 * Input `images`: float32 [B,C,H,W], normalised as `normaliseSlices` does (grey / 255, minus the ImageNet mean, divided
 * by its deviation; channels first). Each output: float32 [B,classes,H,W] under its name.
 *
 * @returns the file's bytes
 * @throws {OptionError} for an unknown output or a batch below 1; {ShapeError} for a size that the network does not take;
 *   {InfNetError} `unsupported-op` for a network that computes what ONNX cannot here
 */
export async function exportOnnx(
  network: ExportableNetwork,
  { height = 352, width = 352, batch = 1, outputs = ['probability'], metadata = {} }: OnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const images = batch === 'dynamic' ? 1 : batch;
  if (!Number.isInteger(images) || images < 1) {
    throw new OptionError(`batch is ${batch}`, "give a whole number from 1, or 'dynamic'");
  }
  const fused = network.form === 'fused' ? network : network.fuse();
  try {
    const shape = [images, height, width, network.inputChannels ?? 3] as const;
    const traced = await trace((input) => chosen(fused, input, outputs), shape);
    return write(traced, batch, metadata);
  } finally {
    if (fused !== network) fused.dispose();
  }
}

/** The wanted outputs, in the wanted order. */
function chosen(
  network: ExportableNetwork,
  images: tf.Tensor4D,
  wanted: readonly string[],
): Record<string, tf.Tensor> {
  const maps = network.forward(images);
  const available = [...Object.keys(maps), 'probability'];
  const entries = wanted.map((name): [string, tf.Tensor] => {
    if (name === 'probability') return [name, tf.sigmoid(maps[network.prediction]!)];
    if (Object.hasOwn(maps, name)) return [name, maps[name]!];
    throw new OptionError(`this network has no output '${name}'`, `choose among ${available.join(', ')}`);
  });
  if (entries.length === 0)
    throw new OptionError('no output is wanted', `choose among ${available.join(', ')}`);
  return Object.fromEntries(entries);
}

function write(
  { images, nodes, outputs, constants }: Trace,
  batch: number | 'dynamic',
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const batchSide = batch === 'dynamic' ? 'batch' : batch;
  const graph = new OnnxGraph();
  const emitter = new Emitter(graph, constants);
  emitter.bind(images, 'images');
  for (const node of neededNodes(nodes, [...outputs.values()])) {
    const names = kernelFor(node.kernel).emit(node, emitter);
    node.outputs.forEach((value, i) => emitter.bind(value, names[i]!));
  }
  for (const [name, value] of outputs) graph.output(emitter.name(value), name);
  const port = (name: string, { shape }: TracedValue): Port => {
    const [first, height, width, channels] = shape as [number, number, number, number];
    return { name, shape: [first === images.shape[0] ? batchSide : first, channels, height, width] };
  };
  return graph.encode(
    [port('images', images)],
    [...outputs].map(([name, value]) => port(name, value)),
    metadata,
  );
}

/** The nodes that the outputs depend on, in their order. */
function neededNodes(nodes: readonly TracedNode[], outputs: readonly TracedValue[]): TracedNode[] {
  const needed = new Set(outputs);
  const kept: TracedNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const input of Object.values(node.inputs)) needed.add(input);
  }
  if (kept.length === 0)
    throw new InfNetError('unsupported-op', 'the network does not depend on its images', '');
  return kept.toReversed();
}
