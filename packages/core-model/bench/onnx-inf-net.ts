import type { StateDict } from '../src/index.js';
import { OnnxGraph } from './onnx-writer.js';

interface ConvOptions {
  readonly stride?: number;
  readonly pad?: readonly [number, number];
  readonly dilation?: number;
  readonly relu?: boolean;
}

/**
 * The reference network's S_3 as an ONNX model with batch norm folded into the convolutions, written down apart from
 * `src`: what onnxruntime runs beside ours.
 */
export function onnxInfNet(state: StateDict, height: number, width: number): Uint8Array {
  const graph = new OnnxGraph();
  const values = (name: string): Float32Array => state.get(name)!.data as Float32Array;

  const conv = (x: string, name: string, norm: string, options: ConvOptions = {}): string => {
    const { stride = 1, pad = [0, 0], dilation = 1, relu = false } = options;
    const { shape } = state.get(`${name}.weight`)!;
    const [outputs, , kh, kw] = shape as [number, number, number, number];
    const kernel = values(`${name}.weight`).slice();
    const bias = new Float32Array(outputs);
    for (let d = 0; d < outputs; d++) {
      const scale = values(`${norm}.weight`)[d]! / Math.sqrt(values(`${norm}.running_var`)[d]! + 1e-5);
      bias[d] = values(`${norm}.bias`)[d]! - values(`${norm}.running_mean`)[d]! * scale;
      const size = kernel.length / outputs;
      for (let i = d * size; i < (d + 1) * size; i++) kernel[i]! *= scale;
    }
    const y = graph.node('Conv', [x, graph.constant(kernel, shape), graph.constant(bias, [outputs])], {
      kernel_shape: [kh, kw],
      strides: [stride, stride],
      pads: [pad[0], pad[1], pad[0], pad[1]],
      dilations: [dilation, dilation],
    });
    return relu ? graph.node('Relu', [y]) : y;
  };
  const basic = (x: string, name: string, options?: ConvOptions): string =>
    conv(x, `${name}.conv`, `${name}.bn`, options);
  const add = (a: string, b: string): string => graph.node('Add', [a, b]);
  const concat = (...parts: string[]): string => graph.node('Concat', parts, { axis: 1 });
  const resize = (x: string, scale: number, corners = false): string =>
    graph.node('Resize', [x, '', graph.constant(Float32Array.of(1, 1, scale, scale), [4])], {
      mode: 'linear',
      coordinate_transformation_mode: corners ? 'align_corners' : 'half_pixel',
    });

  const block = (x: string, at: string, first: boolean, stride: number): string => {
    const pad = [1, 1] as const;
    const groups = graph.nodes('Split', [conv(x, `${at}.conv1`, `${at}.bn1`, { relu: true })], 4, {
      axis: 1,
    });
    const scales: string[] = [];
    for (let i = 0; i < 3; i++) {
      const input = first || i === 0 ? groups[i]! : add(groups[i]!, scales[i - 1]!);
      scales.push(conv(input, `${at}.convs.${i}`, `${at}.bns.${i}`, { stride, pad, relu: true }));
    }
    const pool = {
      kernel_shape: [3, 3],
      strides: [stride, stride],
      pads: [1, 1, 1, 1],
      count_include_pad: 1,
    };
    scales.push(first ? graph.node('AveragePool', [groups[3]!], pool) : groups[3]!);
    const y = conv(concat(...scales), `${at}.conv3`, `${at}.bn3`);
    if (!first) return graph.node('Relu', [add(y, x)]);
    const halved = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 };
    const shortcut = stride === 2 ? graph.node('AveragePool', [x], halved) : x;
    return graph.node('Relu', [add(y, conv(shortcut, `${at}.downsample.1`, `${at}.downsample.2`))]);
  };

  const receptiveField = (x: string, at: string): string => {
    const branches = [3, 5, 7].map((reach, i) => {
      const side = (reach - 1) / 2;
      const name = `${at}.branch${i + 1}`;
      const row = basic(basic(x, `${name}.0`), `${name}.1`, { pad: [0, side] });
      const column = basic(row, `${name}.2`, { pad: [side, 0] });
      return basic(column, `${name}.3`, { pad: [reach, reach], dilation: reach });
    });
    const joined = concat(basic(x, `${at}.branch0.0`), ...branches);
    return graph.node('Relu', [
      add(basic(joined, `${at}.conv_cat`, { pad: [1, 1] }), basic(x, `${at}.conv_res`)),
    ]);
  };

  const stem = { pad: [1, 1], relu: true } as const;
  let x = conv('image', 'resnet.conv1.0', 'resnet.conv1.1', { ...stem, stride: 2 });
  x = conv(x, 'resnet.conv1.3', 'resnet.conv1.4', stem);
  x = conv(x, 'resnet.conv1.6', 'resnet.bn1', stem);
  x = graph.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  const features = [3, 4, 6, 3].map((blocks, layer) => {
    for (let i = 0; i < blocks; i++) {
      x = block(x, `resnet.layer${layer + 1}.${i}`, i === 0, i === 0 && layer > 0 ? 2 : 1);
    }
    return x;
  });
  const [f2, f3, f4, f5] = features as [string, string, string, string];

  const same = { pad: [1, 1] } as const;
  const [deep, middle, shallow] = [
    receptiveField(f5, 'rfb4_1'),
    receptiveField(f4, 'rfb3_1'),
    receptiveField(f3, 'rfb2_1'),
  ] as const;
  const up = (i: number, y: string): string => basic(y, `ParDec.conv_upsample${i}`, same);
  const deepUp = resize(deep, 2, true);
  const atMiddle = graph.node('Mul', [up(1, deepUp), middle]);
  const product = graph.node('Mul', [up(2, resize(deepUp, 2, true)), up(3, resize(middle, 2, true))]);
  const atShallow = graph.node('Mul', [product, shallow]);
  const joined2 = basic(concat(atMiddle, up(4, deepUp)), 'ParDec.conv_concat2', same);
  const joined3 = basic(concat(atShallow, up(5, resize(joined2, 2, true))), 'ParDec.conv_concat3', same);
  const last = state.get('ParDec.conv5.weight')!;
  const global = graph.node('Conv', [
    basic(joined3, 'ParDec.conv4', same),
    graph.constant(last.data as Float32Array, last.shape),
    graph.constant(values('ParDec.conv5.bias'), [1]),
  ]);

  const edge = basic(basic(basic(f2, 'edge_conv1'), 'edge_conv2', same), 'edge_conv3', same);
  const one = graph.constant(Float32Array.of(1), [1]);
  const reverse = (name: string, feature: string, guide: string, edgeScale: number): string => {
    const attention = graph.node('Sub', [one, graph.node('Sigmoid', [guide])]);
    const attended = graph.node('Mul', [attention, feature]);
    let y = concat(basic(attended, `${name}_conv1`), resize(edge, edgeScale));
    const deepest = name === 'ra4';
    const pad = deepest ? ([2, 2] as const) : ([1, 1] as const);
    for (const i of deepest ? [2, 3, 4] : [2, 3]) y = basic(y, `${name}_conv${i}`, { pad, relu: true });
    return add(deepest ? basic(y, 'ra4_conv5') : basic(y, `${name}_conv4`, { pad }), guide);
  };
  const r4 = reverse('ra4', f5, resize(global, 0.25), 1 / 8);
  const r3 = reverse('ra3', f4, resize(r4, 2), 1 / 4);
  const r2 = reverse('ra2', f3, resize(r3, 2), 1 / 2);
  return graph.encode(
    { name: 'image', shape: [1, 3, height, width] },
    { name: resize(r2, 8), shape: [1, 1, height, width] },
  );
}
