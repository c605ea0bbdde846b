import { openByteMap } from './byte-map.js';
import type { Definition } from './definition.js';
import { openFloatMap } from './float-map.js';
import { readMaskOf } from './foreground.js';
import {
  flattenTo,
  isByteArray,
  type FlatArray,
  type MaskArray,
  type PredictionArray,
  type Shape,
} from './inputs.js';
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
  const values = flattenTo(prediction, shape, 'prediction');
  const mask = readMaskOf(shape, groundTruth, definition.foregroundAbove, 'groundTruth');
  const geometry = maskGeometry(mask, shape);
  return isByteArray(values)
    ? openByteMap(values, mask, geometry, shape, definition)
    : openFloatMap(commonKind(values), mask, geometry, shape, definition);
}

/** Kinds that are rare in predictions are read as 64-bit floats, so that the loops behind see three kinds only. */
function commonKind(values: FlatArray): Uint16Array | Float32Array | Float64Array {
  const common =
    values instanceof Uint16Array || values instanceof Float32Array || values instanceof Float64Array;
  return common ? values : Float64Array.from(values, Number);
}
