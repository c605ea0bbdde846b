import { describe, expect, it } from 'vitest';
import { calibration, evaluateMap, type PredictionArray } from '../src/index.js';
import { randomCase } from './support/random.js';

const size = { width: 31, height: 22 };

/** From the definitions, pixel by pixel. */
function bruteForce(values: number[], truth: Uint8Array, bins: number): { ece: number; brier: number } {
  let ece = 0;
  for (let bin = 0; bin < bins; bin++) {
    const members = values.flatMap((v, i) => (Math.min(bins - 1, Math.floor(v * bins)) === bin ? [i] : []));
    const gap = members.reduce((sum, i) => sum + values[i]! - truth[i]!, 0);
    ece += Math.abs(gap) / values.length;
  }
  return { ece, brier: values.reduce((sum, v, i) => sum + (v - truth[i]!) ** 2, 0) / values.length };
}

describe('calibration', () => {
  it.each([1, 2, 10, 15, 100])('equals its definition with %i bins, 8-bit and float', (calibrationBins) => {
    for (const seed of [1, 2, 3]) {
      const { prediction, groundTruth } = randomCase(seed, size.width, size.height);
      const wanted = bruteForce(
        Array.from(prediction, (v) => v / 255),
        groundTruth,
        calibrationBins,
      );
      const forms: PredictionArray[] = [prediction, Float64Array.from(prediction, (v) => v / 255)];
      for (const form of forms) {
        const report = calibration(form, groundTruth, { ...size, calibrationBins });
        expect(report.expectedCalibrationError).toBeCloseTo(wanted.ece, 12);
        expect(report.brierScore).toBeCloseTo(wanted.brier, 12);
        expect(report.reliability.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(prediction.length);
        expect(report.definition.calibrationBins).toBe(calibrationBins);
        const { scores } = evaluateMap(form, groundTruth, { ...size, calibrationBins });
        expect(scores.brierScore).toBe(report.brierScore);
        expect(scores.expectedCalibrationError).toBe(report.expectedCalibrationError);
      }
    }
  });

  it('a certain and right map has no error, a certain and wrong one the largest', () => {
    const { groundTruth } = randomCase(5, size.width, size.height);
    const right = calibration(Float32Array.from(groundTruth), groundTruth, size);
    expect(right).toMatchObject({ expectedCalibrationError: 0, maximumCalibrationError: 0, brierScore: 0 });
    const wrong = calibration(
      Float32Array.from(groundTruth, (g) => 1 - g),
      groundTruth,
      size,
    );
    expect(wrong).toMatchObject({ expectedCalibrationError: 1, maximumCalibrationError: 1, brierScore: 1 });
  });
});
