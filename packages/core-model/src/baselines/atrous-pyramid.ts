import type * as tf from '@tensorflow/tfjs-core';
import { type ForwardContext, runBlock } from '../layers/context.js';
import type { ConvNorm } from '../layers/conv-norm.js';
import { namedConvNorm } from '../layers/named-conv-norm.js';
import type { ParameterScope } from '../layers/parameter-store.js';
import { type Unit, variablesOf } from '../layers/unit.js';
import { concatChannels, globalAveragePool, resizeBilinear } from '../ops/index.js';

export interface AtrousPyramidOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Dilations of the three 3x3 convolutions. */
  readonly rates: readonly [number, number, number];
}

/**
 * Atrous spatial pyramid pooling (Chen et al. 2017, Fig. 5): 1x1, three dilated 3x3, and the mean of the whole image,
 * joined by 1x1. [B,h,w,inputs] to [B,h,w,outputs]. In training, the norm of the image's mean sees one value an image
 * and channel: with a batch of one it gives its beta, whatever the image.
 */
export class AtrousPyramid {
  readonly units: readonly Unit[];
  readonly #branches: readonly ConvNorm[];
  readonly #image: ConvNorm;
  readonly #join: ConvNorm;

  constructor(scope: ParameterScope, { inputs, outputs, rates }: AtrousPyramidOptions) {
    const initialiser = 'he-fan-out';
    this.#branches = [1, ...rates].map((rate, i) =>
      namedConvNorm(scope.child(`aspp${i + 1}`), 'atrous_conv', 'bn', {
        inputs,
        outputs,
        initialiser,
        ...(i === 0 ? {} : { kernel: 3, pad: rate, dilation: rate }),
      }),
    );
    const image = scope.child('global_avg_pool');
    this.#image = namedConvNorm(image, '1', '2', { inputs, outputs, initialiser });
    this.#join = namedConvNorm(scope, 'conv1', 'bn1', { inputs: 5 * outputs, outputs, initialiser });
    this.units = [...this.#branches, this.#image, this.#join];
  }

  forward(feature: tf.Tensor4D, context: ForwardContext): tf.Tensor4D {
    const [, height, width] = feature.shape;
    return runBlock(context, [feature], variablesOf(this.units), ([x], inner) => {
      const fields = this.#branches.map((branch) => branch.forward(x!, inner, { relu: true }));
      const mean = this.#image.forward(globalAveragePool(x!), inner, { relu: true }); // [B,1,1,outputs]
      const everywhere = resizeBilinear(mean, [height, width], { alignCorners: true });
      return this.#join.forward(concatChannels([...fields, everywhere]), inner, { relu: true });
    });
  }
}
