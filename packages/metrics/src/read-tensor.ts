import type { ArrayView, NumericArray } from './array-view.js';
import { MetricsError } from './errors.js';
import { evaluateMap, type MapReport } from './evaluate-map.js';
import { isView } from './inputs.js';
import type { MetricOptions } from './definition.js';

/** Anything with `data()` and `shape`: a tensor of TensorFlow.js and the like. Nothing is disposed. */
export interface TensorLike {
  readonly shape: readonly number[];
  data(): NumericArray | Promise<NumericArray>;
}

/**
 * The values of a tensor, as every function of this package takes them.
 *
 * @throws MetricsError `unsupported-array`, `invalid-shape` where shape and values disagree
 *
 * @example
 * ```ts
 * import { dice, readTensor } from '@infnet/metrics';
 *
 * const tensor = { shape: [2, 2], data: async () => Int32Array.of(1, 1, 0, 0) };
 * console.log(dice(await readTensor(tensor), Uint8Array.of(1, 1, 0, 0))); // 1
 * ```
 */
export async function readTensor(tensor: TensorLike, argument = 'tensor'): Promise<ArrayView> {
  const { shape } = tensor;
  if (!Array.isArray(shape) || typeof tensor.data !== 'function') {
    throw new MetricsError(
      'unsupported-array',
      `${argument} has no data() and shape`,
      'pass a tensor, or its values as a typed array to the synchronous functions',
    );
  }
  const view = { data: await tensor.data(), shape };
  const count = shape.reduce((product: number, size: number) => product * size, 1);
  if (!isView(view) || view.data.length !== count) {
    throw new MetricsError(
      'invalid-shape',
      `${argument} has the shape [${shape.join()}] and does not hold ${count} values`,
      'shape and data() of a tensor must agree',
    );
  }
  return view;
}

/**
 * {@link evaluateMap} of every image in a batch of tensors.
 *
 * @param prediction probabilities, [B, H, W, 1], [B, H, W], [H, W, 1] or [H, W]
 * @param groundTruth masks of the same number of images and size
 * @returns one report per image
 * @throws MetricsError `invalid-shape`, and whatever {@link evaluateMap} throws
 *
 * @example
 * ```ts
 * import { evaluateTensor } from '@infnet/metrics';
 *
 * const prediction = { shape: [1, 1, 3, 1], data: async () => Float32Array.of(0.9, 0.2, 0.7) };
 * const groundTruth = { shape: [1, 1, 3, 1], data: async () => Float32Array.of(1, 0, 0) };
 * const [report] = await evaluateTensor(prediction, groundTruth);
 * console.log(report.scores.diceAtHalf.toFixed(3)); // 0.667
 * ```
 */
export async function evaluateTensor(
  prediction: TensorLike,
  groundTruth: TensorLike,
  options: MetricOptions = {},
): Promise<MapReport[]> {
  const maps = imagesOf(await readTensor(prediction, 'prediction'), 'prediction');
  const masks = imagesOf(await readTensor(groundTruth, 'groundTruth'), 'groundTruth');
  if (maps.length !== masks.length) {
    throw new MetricsError(
      'length-mismatch',
      `prediction holds ${maps.length} images, groundTruth ${masks.length}`,
      'pass one mask per map',
    );
  }
  return maps.map((map, i) => {
    const [height, width] = map.shape as [number, number];
    return evaluateMap(map, masks[i]!, { ...options, width, height });
  });
}

/** The images of a batch as views [H, W]. */
function imagesOf({ data, shape }: ArrayView, argument: string): ArrayView[] {
  const flat = shape.length > 2 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  if (flat.length < 2 || flat.length > 3) {
    throw new MetricsError(
      'invalid-shape',
      `${argument} has the shape [${shape.join()}]`,
      'pass [B, H, W, 1], [B, H, W], [H, W, 1] or [H, W]; slice channels before',
    );
  }
  const [batch, height, width] = (flat.length === 2 ? [1, ...flat] : flat) as [number, number, number];
  return Array.from({ length: batch }, (_, i) => ({
    data,
    shape: [height, width],
    offset: i * height * width,
  }));
}
