import { bench, describe } from 'vitest';
import { sweep } from '../src/curves.js';
import { defineMetrics } from '../src/definition.js';
import { dice, evaluateMap, weightedFMeasure } from '../src/index.js';
import { openMap } from '../src/open-map.js';
import { randomCase } from '../test/support/random.js';

for (const side of [352, 512]) {
  const shape = { width: side, height: side };
  const { prediction, groundTruth } = randomCase(1, side, side);
  const grey = groundTruth.map((value) => value * 255);
  const floats = Float32Array.from(prediction, (value) => value / 255);
  const definition = defineMetrics({ protocol: 'infnet' });

  describe(`${side} x ${side}`, () => {
    bench('full report, 8-bit: 7 curves x 256, S, MAE, adaptive, at 0.5', () => {
      evaluateMap(prediction, grey, { ...shape, protocol: 'infnet' });
    });
    bench('full report, float32', () => {
      evaluateMap(floats, grey, { ...shape, protocol: 'infnet' });
    });
    bench('joint pass and curves only, 8-bit', () => {
      sweep(openMap(prediction, grey, shape, definition), definition);
    });
    bench('weighted F-measure', () => {
      weightedFMeasure(prediction, grey, shape);
    });
    bench('Dice of two masks', () => {
      dice(groundTruth, groundTruth);
    });
  });
}
