/**
 * This package as it is built, on one image. Prints the fastest of many runs in nanoseconds: sweep and MAE, full report,
 * weighted F.
 *
 *     node ours.mjs PREDICTION MASK WIDTH HEIGHT REPEATS      (raw bytes)
 */
import { readFileSync } from 'node:fs';
import { sweep } from '../../dist/curves.js';
import { defineMetrics } from '../../dist/definition.js';
import { evaluateMap, weightedFMeasure } from '../../dist/index.js';
import { meanAbsoluteErrorOf } from '../../dist/mean-absolute-error.js';
import { openMap } from '../../dist/open-map.js';

const [predictionFile, maskFile, ...numbers] = process.argv.slice(2);
const [width, height, repeats] = numbers.map(Number);
const prediction = new Uint8Array(readFileSync(predictionFile));
const mask = new Uint8Array(readFileSync(maskFile));
const options = { width, height, protocol: 'infnet' };
const definition = defineMetrics(options);

const runs = [
  () => {
    const map = openMap(prediction, mask, options, definition);
    sweep(map, definition);
    meanAbsoluteErrorOf(map);
  },
  () => evaluateMap(prediction, mask, options),
  () => weightedFMeasure(prediction, mask, options),
];
process.stdout.write(`${runs.map((run) => fastest(run, repeats)).join(' ')}\n`);

function fastest(run, times) {
  let best = Infinity;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return 1e6 * best;
}
