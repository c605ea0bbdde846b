import { describe, expect, it } from 'vitest';
import {
  dice,
  evaluateAt,
  evaluateMap,
  evaluateMask,
  MetricsError,
  type MetricOptions,
  type Shape,
} from '../src/index.js';

const size = { width: 2, height: 2 };
const map = Float32Array.of(0.1, 0.2, 0.3, 0.9);
const mask = Uint8Array.of(0, 0, 0, 1);
const withNaN = Float32Array.of(0, NaN, 0, 1);
const measure = (options: Partial<Shape & MetricOptions>) => () =>
  evaluateMap(map, mask, { ...size, ...options });

describe('MetricsError', () => {
  it.each<[string, string, () => unknown]>([
    ['invalid-shape', 'width and height', measure({ width: 0 })],
    ['invalid-shape', 'width and height', measure({ height: 1.5 })],
    ['invalid-shape', 'groundTruth 0', () => dice(new Uint8Array(0), new Uint8Array(0))],
    ['length-mismatch', 'prediction holds 4', measure({ width: 3 })],
    ['length-mismatch', 'groundTruth holds 3', () => evaluateMap(map, mask.subarray(1), size)],
    ['length-mismatch', 'groundTruth 3', () => evaluateMask(mask, mask.subarray(1))],
    ['unsupported-array', 'prediction', () => evaluateMap([0, 1, 1, 0] as never, mask, size)],
    [
      'unsupported-array',
      'groundTruth',
      () => evaluateMap(map, new DataView(new ArrayBuffer(4)) as never, size),
    ],
    ['unsupported-array', 'groundTruth', () => dice(mask, null as never)],
    [
      'length-mismatch',
      'prediction holds 1 x 4',
      () => evaluateMap({ data: map, shape: [1, 4] }, mask, size),
    ],
    ['invalid-shape', 'prediction: [2,3]', () => dice({ data: mask, shape: [2, 3] }, mask)],
    ['invalid-shape', 'leaves its 4 values', () => dice({ data: mask, shape: [4], offset: -1 }, mask)],
    ['invalid-shape', 'strides [2]', () => dice({ data: mask, shape: [4], strides: [2] }, mask)],
    ['invalid-shape', 'prediction: [0]', () => dice({ data: mask, shape: [0] }, mask)],
    ['ambiguous-mask', 'runs from -1', () => dice(Int8Array.of(1, -1, 0, 0), mask)],
    ['ambiguous-mask', 'from 0 to 255', () => dice(Int32Array.of(255, 0, 0, 0), mask)],
    ['not-finite', 'prediction holds NaN at index 1', () => evaluateMap(withNaN, mask, size)],
    ['not-finite', 'groundTruth holds NaN at index 1', () => evaluateMap(map, withNaN, size)],
    [
      'not-finite',
      'prediction holds -Infinity',
      () => evaluateMap(Float32Array.of(0, 0, 0, -Infinity), mask, size),
    ],
    ['out-of-range', 'from -3 to 2', () => evaluateMap(Float32Array.of(-3, 0, 1, 2), mask, size)],
    [
      'out-of-range',
      'from 0 to 255',
      () => evaluateMap(Uint8Array.of(0, 255, 1, 2), mask, { ...size, predictionMaximum: 1 }),
    ],
    [
      'out-of-range',
      'prediction',
      () => evaluateMap(Float64Array.of(0, 5e-324, 0, 0), mask, { ...size, stretch: 'min-max' }),
    ],
    ['ambiguous-mask', 'from 0 to 2', () => evaluateMap(map, Uint8Array.of(0, 1, 2, 0), size)],
    ['ambiguous-mask', 'from 0 to 255', () => evaluateMap(map, Float32Array.of(0, 0, 255, 0), size)],
    ['invalid-option', 'foregroundAbove', measure({ foregroundAbove: NaN })],
    ['invalid-option', 'protocol', measure({ protocol: 'matlab' as never })],
    ['invalid-option', 'thresholds', measure({ thresholds: 'octave' as never })],
    ['invalid-option', 'thresholds', measure({ thresholds: [0.1, 0.2] })],
    ['invalid-option', 'empty', measure({ empty: 'skip' as never })],
    ['invalid-option', 'predictionMaximum', measure({ predictionMaximum: 0 })],
    ['invalid-option', 'fBetaSquared', measure({ fBetaSquared: -1 })],
    ['invalid-option', 'structureAlpha', measure({ structureAlpha: 1.1 })],
    ['invalid-option', 'calibrationBins', measure({ calibrationBins: 0.5 })],
    ['invalid-option', 'threshold', () => evaluateAt(map, mask, { ...size, threshold: NaN })],
    ['invalid-option', 'spacing', () => evaluateMask(mask, mask, { spacing: [1, 0] })],
  ])('%s: %s', (code, message, act) => {
    expect(act).toThrow(MetricsError);
    expect(act).toThrow(message);
    expect(act).toThrow(
      expect.objectContaining({ code, name: 'MetricsError', hint: expect.stringMatching(/\w{3}/) }),
    );
  });

  it('is not thrown for logits that are stretched', () => {
    expect(() =>
      evaluateMap(Float32Array.of(-3, 0, 1, 2), mask, { ...size, protocol: 'infnet' }),
    ).not.toThrow();
  });

  it('a mask of 0 and 1 given as a soft 8-bit map is measured, with a warning', () => {
    const report = evaluateMap(mask, mask, size);
    expect(report.warnings).toEqual([expect.stringContaining('predictionMaximum: 1')]);
    expect(report.scores.diceAtHalf).toBe(0);
    const meant = evaluateMap(mask, mask, { ...size, predictionMaximum: 1 });
    expect(meant.warnings).toEqual([]);
    expect(meant.scores.diceAtHalf).toBe(1);
  });
});
