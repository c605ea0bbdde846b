import * as tf from '@tensorflow/tfjs';
import type { StateDict, StateTensor } from '../src/index.js';
import {
  GOLDEN_SEED,
  goldenEdge,
  goldenImage,
  goldenInput,
  goldenMask,
  goldenTarget,
  goldenTensor,
  type TensorSpec,
} from './golden-scheme.js';

/** Networks that the golden data was made with. */
export type GoldenKind = 'res2net50' | 'resnet50' | 'vgg16' | 'unet';

/** An entry of a golden list of keys. */
export type GoldenKey = TensorSpec & { readonly dtype: 'float32' | 'int64' };

/** The paper's names of the five maps against the released code's. */
export const MAPS = {
  globalMap: 'lateral_map_5',
  s5: 'lateral_map_4',
  s4: 'lateral_map_3',
  s3: 'lateral_map_2',
  edge: 'lateral_edge',
} as const;

/** The formula weights under the given names. */
export function formulaState(keys: readonly GoldenKey[]): StateDict {
  return new Map<string, StateTensor>(
    keys.map((spec) =>
      spec.dtype === 'int64'
        ? [spec.name, { dtype: 'int64', shape: spec.shape, data: BigInt64Array.of(0n) }]
        : [spec.name, { dtype: 'float32', shape: spec.shape, data: goldenTensor(spec) }],
    ),
  );
}

/** The formula image, normalised: [b,h,w,channels]. */
export function goldenImages(
  b: number,
  h: number,
  w: number,
  seed: string = GOLDEN_SEED,
  channels = 3,
): tf.Tensor4D {
  return tf.tensor4d(goldenInput(goldenImage(seed, b, h, w, channels), channels), [b, h, w, channels]);
}

/** The formula mask and edge in [0,1]: [b,h,w,1]. */
export function goldenTargets(
  b: number,
  h: number,
  w: number,
  seed: string,
): { mask: tf.Tensor4D; edge: tf.Tensor4D } {
  const tensor = (values: Uint8Array): tf.Tensor4D => tf.tensor4d(goldenTarget(values), [b, h, w, 1]);
  return { mask: tensor(goldenMask(seed, b, h, w)), edge: tensor(goldenEdge(seed, b, h, w)) };
}
