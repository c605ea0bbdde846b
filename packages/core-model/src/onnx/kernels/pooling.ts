import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, OnnxKernel, Shape } from './kernel.js';
import { windowAttributes } from './convolution.js';

/** MaxPool and AvgPool; the average leaves out what lies around the image. */
export function pool(operator: 'MaxPool' | 'AveragePool'): OnnxKernel {
  return {
    shapes: ({ x }, attributes) => [poolInfo(x!.shape, attributes).outShape],
    emit: ({ inputs, attributes }, to) => {
      const { x } = inputs;
      const { dilations: _, ...window } = windowAttributes(poolInfo(x!.shape, attributes));
      return [to.node(operator, [to.name(x!)], window)];
    },
  };
}

function poolInfo(shape: Shape, attributes: Attributes): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as {
    filterSize: number | [number, number];
    strides: number | [number, number];
    pad: 'same' | 'valid' | number;
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}
