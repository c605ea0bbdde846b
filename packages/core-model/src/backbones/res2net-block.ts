import type * as tf from '@tensorflow/tfjs-core';
import { ConvNorm } from '../layers/conv-norm.js';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import type { Unit } from '../layers/unit.js';
import { add, averagePool2x2, averagePool3x3, concatChannels } from '../ops/index.js';

/** Scales of a block: conv1's channels come in this many groups. */
const SCALES = 4;

export interface Res2NetBlockOptions {
  readonly inputs: number;
  /** Channels of one group. */
  readonly groupWidth: number;
  readonly outputs: number;
  /** The first block of a layer: strides, has a projected shortcut, and no links between the groups. */
  readonly first: boolean;
  readonly stride: 1 | 2;
}

/**
 * The bottleneck of Res2Net v1b 26w 4s (Gao et al., TPAMI 2021): 1x1, a hierarchy of 3x3 convolutions over four groups
 * of channels, 1x1, shortcut. [B,H,W,inputs] to [B,H/stride,W/stride,outputs].
 */
export class Res2NetBlock {
  readonly units: readonly Unit[];
  readonly #options: Res2NetBlockOptions;
  readonly #conv1: ConvNorm;
  readonly #convs: readonly ConvNorm[];
  readonly #conv3: ConvNorm;
  readonly #shortcut: ConvNorm | undefined;
  readonly #variables: readonly tf.Variable[];

  constructor(scope: ParameterScope, options: Res2NetBlockOptions) {
    const { inputs, groupWidth, outputs, first, stride } = options;
    const width = SCALES * groupWidth;
    const he = 'he-fan-out';
    this.#options = options;
    this.#conv1 = new ConvNorm(
      scope.kernel('conv1.weight', [1, 1, inputs, width], he),
      scope.norm('bn1', width),
      { groups: SCALES },
    );
    const kernels = [0, 1, 2].map((i) =>
      scope.kernel(`convs.${i}.weight`, [3, 3, groupWidth, groupWidth], he),
    );
    this.#convs = kernels.map(
      (kernel, i) =>
        new ConvNorm(kernel, scope.norm(`bns.${i}`, groupWidth), { geometry: { stride, pad: 1 } }),
    );
    this.#conv3 = new ConvNorm(
      scope.kernel('conv3.weight', [1, 1, width, outputs], he),
      scope.norm('bn3', outputs),
    );
    this.#shortcut = first
      ? new ConvNorm(
          scope.kernel('downsample.1.weight', [1, 1, inputs, outputs], he),
          scope.norm('downsample.2', outputs),
        )
      : undefined;
    this.units = [this.#conv1, ...this.#convs, this.#conv3, ...(this.#shortcut ? [this.#shortcut] : [])];
    this.#variables = scope.trainable();
  }

  forward(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    return runBlock(context, [x], this.#variables, ([input], inner) => this.#compute(input!, inner));
  }

  #compute(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    const groups = this.#conv1.forwardGroups(x, context, { relu: true }); // 4 times [B,H,W,width/4]
    const scales = this.#options.first ? this.#apart(groups, context) : this.#linked(groups, context);
    const residual = this.#identity(x, context); // [B,H',W',outputs]
    return this.#conv3.forward(concatChannels(scales), context, { residual, relu: true });
  }

  /** y_i = f_i(s_i), and the last group is averaged over 3x3. */
  #apart(groups: readonly tf.Tensor4D[], context: ForwardContext): tf.Tensor4D[] {
    const scales = this.#convs.map((conv, i) => conv.forward(groups[i]!, context, { relu: true }));
    return [...scales, averagePool3x3(groups[SCALES - 1]!, this.#options.stride)];
  }

  /** y_0 = f_0(s_0), y_i = f_i(s_i + y_(i-1)), and the last group passes untouched. */
  #linked(groups: readonly tf.Tensor4D[], context: ForwardContext): tf.Tensor4D[] {
    const scales: tf.Tensor4D[] = [];
    for (const [i, conv] of this.#convs.entries()) {
      const before = scales[i - 1];
      const input = before ? add(groups[i]!, before) : groups[i]!;
      scales.push(conv.forward(input, context, { relu: true }));
    }
    return [...scales, groups[SCALES - 1]!];
  }

  #identity(x: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    if (!this.#shortcut) return x;
    return this.#shortcut.forward(this.#options.stride === 2 ? averagePool2x2(x) : x, context);
  }
}
