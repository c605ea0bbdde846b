import * as tf from '@tensorflow/tfjs-core';

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;
type Attributes = Readonly<Record<string, unknown>>;
type OutputShape = (inputs: Inputs, attributes: Attributes) => readonly number[];
type Shape4D = [number, number, number, number];

const same: OutputShape = ({ x }) => x!.shape;
const broadcast: OutputShape = ({ a, b }) => tf.backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape);

const convolution =
  (depthwise: boolean): OutputShape =>
  ({ x, filter }, { strides, dilations, pad, dimRoundingMode }) =>
    tf.backend_util.computeConv2DInfo(
      x!.shape as Shape4D,
      filter!.shape as Shape4D,
      strides as number,
      dilations as number,
      pad as number,
      dimRoundingMode as 'floor' | undefined,
      depthwise,
    ).outShape;

const pool: OutputShape = ({ x }, { filterSize, strides, pad, dimRoundingMode }) =>
  tf.backend_util.computePool2DInfo(
    x!.shape as Shape4D,
    filterSize as number,
    strides as number,
    1,
    pad as number,
    dimRoundingMode as 'floor' | undefined,
  ).outShape;

const resize: OutputShape = ({ images }, { size }) => {
  const [height, width] = size as [number, number];
  const [batch, , , channels] = images!.shape as Shape4D;
  return [batch, height, width, channels];
};

const reduction: OutputShape = ({ x }, { axis, keepDims }) => {
  const axes = tf.util.parseAxisParam(axis as number | number[], x!.shape);
  const [kept] = tf.backend_util.computeOutAndReduceShapes(x!.shape, axes);
  return keepDims === true ? tf.backend_util.expandShapeToKeepDim(kept, axes) : kept;
};

const product: OutputShape = ({ a, b }, { transposeA, transposeB }) => {
  const [rows, columns] = [transposeA === true ? -1 : -2, transposeB === true ? -2 : -1];
  return [...a!.shape.slice(0, -2), a!.shape.at(rows)!, b!.shape.at(columns)!];
};

/** From a kernel's inputs and attributes to the shape of its output: the kernels of the networks' forward passes. */
export const OUTPUT_SHAPES: Readonly<Record<string, OutputShape>> = {
  [tf.Conv2D]: convolution(false),
  [tf.FusedConv2D]: convolution(false),
  [tf.DepthwiseConv2dNative]: convolution(true),
  [tf.FusedDepthwiseConv2D]: convolution(true),
  [tf.Conv2DBackpropInput]: (_, { inputShape }) => inputShape as number[],
  [tf.MaxPool]: pool,
  [tf.AvgPool]: pool,
  [tf.ResizeBilinear]: resize,
  [tf.ResizeNearestNeighbor]: resize,
  [tf.BatchMatMul]: product,
  [tf.Add]: broadcast,
  [tf.Sub]: broadcast,
  [tf.Multiply]: broadcast,
  [tf.RealDiv]: broadcast,
  [tf.Maximum]: broadcast,
  [tf.Relu]: same,
  [tf.Sigmoid]: same,
  [tf.Rsqrt]: same,
  [tf.Neg]: same,
  [tf.Square]: same,
  [tf.Identity]: same,
  [tf.Cast]: same,
  [tf.ZerosLike]: same,
  [tf.OnesLike]: same,
  [tf.Mean]: reduction,
  [tf.Sum]: reduction,
  [tf.Fill]: (_, { shape }) => shape as number[],
  [tf.Reshape]: ({ x }, { shape }) => tf.util.inferFromImplicitShape(shape as number[], x!.size),
  [tf.Transpose]: ({ x }, { perm }) => (perm as number[]).map((axis) => x!.shape[axis]!),
  [tf.Tile]: ({ x }, { reps }) => x!.shape.map((side, i) => side * (reps as number[])[i]!),
  [tf.PadV2]: ({ x }, { paddings }) =>
    x!.shape.map((side, i) => side + (paddings as [number, number][])[i]!.reduce((a, b) => a + b)),
  [tf.Slice]: ({ x }, { begin, size }) =>
    tf.slice_util.parseSliceParams(x!, begin as number[], size as number[])[1]!,
  [tf.Concat]: (inputs, { axis }) => {
    const [along] = tf.util.parseAxisParam(axis as number, inputs['0']!.shape) as [number];
    return tf.backend_util.computeOutShape(
      Object.values(inputs).map((part) => part!.shape),
      along,
    );
  },
};
