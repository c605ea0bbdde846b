import type { Definition } from './definition.js';
import { MetricsError } from './errors.js';
import { isByteArray, type FlatArray } from './inputs.js';

/** v = (x / maximum - low) * gain. */
export interface Stretch {
  readonly maximum: number;
  readonly low: number;
  readonly gain: number;
}

/**
 * How the raw values min..max of a prediction become map values.
 *
 * With `'min-max'` this is MATLAB's `mapminmax` in its product form: the largest value may become 1 - 2^-53, and is then
 * not predicted at threshold 1. A constant map stays as it is. With `'none'` the values must lie in 0..1 already.
 *
 * @throws MetricsError `out-of-range`
 */
export function stretchOf(prediction: FlatArray, min: number, max: number, definition: Definition): Stretch {
  const maximum = maximumOf(prediction, definition);
  const low = min / maximum;
  const high = max / maximum;
  if (definition.stretch === 'none' || low === high) {
    if (definition.stretch === 'none' && (low < 0 || high > 1)) throw outOfRange(min, max, maximum);
    return { maximum, low: 0, gain: 1 };
  }
  const gain = 1 / (high - low);
  if (!Number.isFinite(high - low) || !Number.isFinite(gain)) throw outOfRange(min, max, maximum);
  return { maximum, low, gain };
}

/** A binary mask passed as a soft 8-bit map would be 1 / 255 everywhere: legal, and surely not meant. */
export function binaryWarning(prediction: FlatArray, max: number, definition: Definition): readonly string[] {
  const suspicious = definition.stretch === 'none' && max === 1 && maximumOf(prediction, definition) > 1;
  if (!suspicious) return [];
  return [
    'the largest prediction value is 1 of ' +
      `${maximumOf(prediction, definition)}; if this is a mask of 0 and 1, pass predictionMaximum: 1`,
  ];
}

function maximumOf(prediction: FlatArray, { predictionMaximum }: Definition): number {
  return typeof predictionMaximum === 'number' ? predictionMaximum : fullScaleOf(prediction);
}

/** The value that means 1 in an array of this kind. */
export function fullScaleOf(prediction: FlatArray): number {
  if (isByteArray(prediction)) return 255;
  return prediction instanceof Uint16Array ? 65535 : 1;
}

function outOfRange(min: number, max: number, maximum: number): MetricsError {
  return new MetricsError(
    'out-of-range',
    `prediction runs from ${min} to ${max}, outside 0 to ${maximum}`,
    "pass probabilities (the sigmoid of logits), set predictionMaximum, or stretch each map with stretch: 'min-max'",
  );
}
