import { openByteMap } from './byte-map.js';
import type { Definition } from './definition.js';
import { openFloatMap } from './float-map.js';
import { readMask } from './foreground.js';
import { checkArray, isByteArray, type MaskArray, type PredictionArray, type Shape } from './inputs.js';
import type { MapStatistics } from './map-statistics.js';
import { maskGeometry } from './mask-geometry.js';

/**
 * Validates the input and takes the joint pass.
 *
 * @throws MetricsError `invalid-shape`, `length-mismatch`, `unsupported-array`, `not-finite`, `out-of-range`, `ambiguous-mask`
 */
export function openMap(
  prediction: PredictionArray,
  groundTruth: MaskArray,
  shape: Shape,
  definition: Definition,
): MapStatistics {
  checkArray(prediction, shape, 'prediction');
  checkArray(groundTruth, shape, 'groundTruth');
  const mask = readMask(groundTruth, definition.foregroundAbove, 'groundTruth');
  const geometry = maskGeometry(mask, shape);
  return isByteArray(prediction)
    ? openByteMap(prediction, mask, geometry, shape, definition)
    : openFloatMap(prediction, mask, geometry, shape, definition);
}
