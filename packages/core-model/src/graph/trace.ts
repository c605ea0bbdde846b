import * as tf from '@tensorflow/tfjs-core';
import type { SegmentationNetwork } from '../network/segmentation-network.js';
import { type KernelCall, onShapes } from './shape-backend.js';

/** Size of the images that a network is traced with. */
export interface TraceSize {
  /** Images. Default 1. */
  readonly batch?: number;
  readonly height: number;
  readonly width: number;
}

/** A network's forward pass, evaluating, as a list of kernel calls in an order in which they can run. */
export interface NetworkGraph {
  /** The images, [B,H,W,inputChannels]. */
  readonly input: tf.TensorInfo;
  readonly calls: readonly KernelCall[];
  /** The logits by their names. */
  readonly outputs: Readonly<Record<string, tf.TensorInfo>>;
  /**
   * Values of the small tensors that the pass makes for itself, by `dataId`. Inputs of calls that are neither here, nor
   * another call's output, nor `input`, are the network's weights.
   */
  readonly constants: ReadonlyMap<object, tf.BackendValues>;
}

/** Reads the wiring of a network, in either form, off its forward pass; nothing is computed. @throws {ShapeError} */
export function traceNetwork(
  network: SegmentationNetwork,
  { batch = 1, height, width }: TraceSize,
): NetworkGraph {
  const calls: KernelCall[] = [];
  const constants = new Map<object, tf.BackendValues>();
  const outputs: Record<string, tf.TensorInfo> = {};
  const run = (): tf.TensorInfo => {
    tf.engine().startScope();
    const images = tf.fill<tf.Rank.R4>([batch, height, width, network.inputChannels], 0);
    calls.length = 0; // only the pass itself
    try {
      for (const [name, map] of Object.entries(network.forward(images))) {
        outputs[name] = infoOf(map);
      }
      return infoOf(images);
    } finally {
      tf.engine().endScope();
    }
  };
  const input = onShapes(run, {
    onCall: (call) => calls.push(call),
    onConstant: (dataId, values) => constants.set(dataId, values),
  });
  return { input, calls, outputs, constants };
}

function infoOf({ dataId, shape, dtype }: tf.Tensor): tf.TensorInfo {
  return { dataId, shape, dtype };
}
