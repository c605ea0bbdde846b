import { CONVOLUTION, DEPTHWISE_CONVOLUTION, TRANSPOSED_CONVOLUTION } from './convolution.js';
import { binary, CLIP, RECIPROCAL_ROOT, SQUARE, SUM_OF_ALL, unary } from './elementwise.js';
import type { OnnxKernel } from './kernel.js';
import { CAST, CONCAT, EXPAND, IDENTITY, PAD, RESHAPE, SLICE, SPLIT, TILE, TRANSPOSE } from './layout.js';
import { pool } from './pooling.js';
import { reduction, SOFTMAX } from './reduce.js';
import { resize } from './resize.js';

/** Every kernel of TensorFlow.js that has a form in ONNX here, by its name. */
export const ONNX_KERNELS: ReadonlyMap<string, OnnxKernel> = new Map<string, OnnxKernel>([
  ['Conv2D', CONVOLUTION],
  ['FusedConv2D', CONVOLUTION],
  ['DepthwiseConv2dNative', DEPTHWISE_CONVOLUTION],
  ['FusedDepthwiseConv2D', DEPTHWISE_CONVOLUTION],
  ['Conv2DBackpropInput', TRANSPOSED_CONVOLUTION],
  ['MaxPool', pool('MaxPool')],
  ['AvgPool', pool('AveragePool')],
  ['ResizeBilinear', resize('linear')],
  ['ResizeNearestNeighbor', resize('nearest')],
  ['Add', binary('Add')],
  ['Sub', binary('Sub')],
  ['Multiply', binary('Mul')],
  ['RealDiv', binary('Div')],
  ['Maximum', binary('Max')],
  ['Minimum', binary('Min')],
  ['AddN', SUM_OF_ALL],
  ['Relu', unary('Relu')],
  ['LeakyRelu', unary('LeakyRelu', ({ alpha }) => ({ alpha: { float: alpha as number } }))],
  ['Elu', unary('Elu')],
  ['Sigmoid', unary('Sigmoid')],
  ['Tanh', unary('Tanh')],
  ['Exp', unary('Exp')],
  ['Log', unary('Log')],
  ['Neg', unary('Neg')],
  ['Abs', unary('Abs')],
  ['Sqrt', unary('Sqrt')],
  ['Softplus', unary('Softplus')],
  ['Square', SQUARE],
  ['Rsqrt', RECIPROCAL_ROOT],
  ['ClipByValue', CLIP],
  ['Softmax', SOFTMAX],
  ['Mean', reduction('ReduceMean', 'axis')],
  ['Sum', reduction('ReduceSum', 'axis')],
  ['Max', reduction('ReduceMax', 'reductionIndices')],
  ['Min', reduction('ReduceMin', 'axis')],
  ['Concat', CONCAT],
  ['Slice', SLICE],
  ['SplitV', SPLIT],
  ['PadV2', PAD],
  ['Reshape', RESHAPE],
  ['ExpandDims', EXPAND],
  ['Cast', CAST],
  ['Identity', IDENTITY],
  ['Transpose', TRANSPOSE],
  ['Tile', TILE],
]);
