import * as tf from '@tensorflow/tfjs-core';
import type { Emitter } from '../emitter.js';
import type { TracedNode, TracedValue } from '../trace-backend.js';
import { activate } from './elementwise.js';
import type { Attributes, OnnxKernel } from './kernel.js';

type Shape4 = [number, number, number, number];
type Sides = number | [number, number];

interface ConvAttributes {
  readonly strides: Sides;
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: Sides | null;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | null;
}

function convInfo(
  x: readonly number[],
  filter: readonly number[],
  attributes: Attributes,
  depthwise: boolean,
): tf.backend_util.Conv2DInfo {
  const { strides, pad, dilations, dimRoundingMode } = attributes as unknown as ConvAttributes;
  return tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode ?? undefined,
    depthwise,
  );
}

/** Attributes that all convolutions and pools share: pads are top, left, bottom, right. */
export function windowAttributes(info: tf.backend_util.Conv2DInfo): Record<string, number[]> {
  const { top, bottom, left, right } = info.padInfo;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

/** Conv2D and FusedConv2D: [B,H,W,C] by [kh,kw,C,D]. */
export const CONVOLUTION: OnnxKernel = {
  shapes: ({ x, filter }, attributes) => [convInfo(x!.shape, filter!.shape, attributes, false).outShape],
  emit: ({ inputs, attributes }, to) => {
    const { x, filter, bias } = inputs as Record<string, TracedValue>;
    const kernel = kernelName(filter!, [3, 2, 0, 1], to); // HWIO to OIHW
    const names = [to.name(x!), kernel, ...(bias ? [to.name(bias)] : [])];
    const info = convInfo(x!.shape, filter!.shape, attributes, false);
    return [activate(to.node('Conv', names, windowAttributes(info)), attributes, to)];
  },
};

/** DepthwiseConv2dNative and FusedDepthwiseConv2D: each channel by a kernel of its own, [kh,kw,C,1]. */
export const DEPTHWISE_CONVOLUTION: OnnxKernel = {
  shapes: ({ x, filter }, attributes) => [convInfo(x!.shape, filter!.shape, attributes, true).outShape],
  emit: ({ inputs, attributes }, to) => {
    const { x, filter, bias } = inputs as Record<string, TracedValue>;
    const info = convInfo(x!.shape, filter!.shape, attributes, true);
    const window = windowAttributes(info);
    if (bias === undefined && isAverage(to.numbers(filter!), info)) {
      const { dilations: _, ...pool } = window;
      return [
        activate(to.node('AveragePool', [to.name(x!)], { ...pool, count_include_pad: 1 }), attributes, to),
      ];
    }
    const [kh, kw, channels, multiplier] = filter!.shape as Shape4;
    const turned = kernelName(filter!, [2, 3, 0, 1], to); // [C,M,kh,kw]
    const kernel = to.node('Reshape', [turned, to.graph.integers([channels * multiplier, 1, kh, kw])]);
    const names = [to.name(x!), kernel, ...(bias ? [to.name(bias)] : [])];
    return [activate(to.node('Conv', names, { ...window, group: channels }), attributes, to)];
  },
};

/** Conv2DBackpropInput, which is a transposed convolution: [B,h,w,D] by [kh,kw,C,D]. */
export const TRANSPOSED_CONVOLUTION: OnnxKernel = {
  shapes: (_, { inputShape }) => [inputShape as number[]],
  emit: ({ inputs, attributes }, to) => {
    const { dy, filter } = inputs as Record<string, TracedValue>;
    const large = attributes['inputShape'] as number[];
    const info = convInfo(large, filter!.shape, attributes, false);
    const kernel = kernelName(filter!, [3, 2, 0, 1], to); // [D,C,kh,kw]
    const { pads, ...window } = windowAttributes(info);
    const [top, left, bottom, right] = pads as Shape4;
    const missing = (axis: 1 | 2, stride: number, size: number, pad: number): number =>
      large[axis]! - ((dy!.shape[axis]! - 1) * stride + size - pad);
    const output_padding = [
      missing(1, info.strideHeight, info.effectiveFilterHeight, top + bottom),
      missing(2, info.strideWidth, info.effectiveFilterWidth, left + right),
    ];
    return [to.node('ConvTranspose', [to.name(dy!), kernel], { ...window, pads: pads!, output_padding })];
  },
};

/** A kernel whose values are known, in ONNX's order of axes; one that is computed is turned by a node. */
function kernelName(filter: TracedNode['outputs'][number], axes: readonly number[], to: Emitter): string {
  if (to.numbers(filter) !== undefined) return to.constant(filter, axes);
  return to.node('Transpose', [to.plain(filter)], { perm: axes });
}

/** Whether a depthwise kernel takes the mean over its window, zeros around the image counted. */
function isAverage(values: Float32Array | undefined, info: tf.backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = info;
  const share = Math.fround(1 / (filterHeight * filterWidth));
  const undilated = dilationHeight === 1 && dilationWidth === 1;
  return undilated && filterHeight * filterWidth > 1 && values?.every((value) => value === share) === true;
}
