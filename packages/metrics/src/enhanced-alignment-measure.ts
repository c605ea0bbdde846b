import type { Definition } from './definition.js';
import type { Counts } from './overlap.js';

const EPS = 2 ** -52;

/**
 * E-measure of a binary prediction (Fan et al., "Enhanced-alignment measure for binary foreground map evaluation",
 * IJCAI 2018), from counts alone: every pixel of a class has the same alignment, so four values replace N.
 *
 * The paper divides the sum by N, which bounds the measure by 0..1. The released code divides by N - 1 + 2^-52: a
 * perfect match then gives N / (N - 1), a single pixel 4.5e15. An empty (full) ground truth gives the share of pixels
 * predicted as background (foreground).
 */
export function enhancedAlignment(counts: Counts, divisor: Definition['eMeasureDivisor']): number {
  const { pixels } = counts;
  return alignmentSum(counts) / (divisor === 'N' ? pixels : pixels - 1 + EPS);
}

function alignmentSum({ truePositives, predicted, foreground, pixels }: Counts): number {
  if (foreground === 0) return pixels - predicted;
  if (foreground === pixels) return predicted;
  const meanPrediction = predicted / pixels;
  const meanTruth = foreground / pixels;
  const falsePositives = predicted - truePositives;
  const falseNegatives = foreground - truePositives;
  const trueNegatives = pixels - predicted - falseNegatives;
  return (
    truePositives * alignment(1 - meanPrediction, 1 - meanTruth) +
    falsePositives * alignment(1 - meanPrediction, -meanTruth) +
    falseNegatives * alignment(-meanPrediction, 1 - meanTruth) +
    trueNegatives * alignment(-meanPrediction, -meanTruth)
  );
}

/** Enhanced alignment of two bias values, 0..1. */
function alignment(a: number, b: number): number {
  const aligned = (2 * a * b) / (a * a + b * b + EPS);
  return ((aligned + 1) * (aligned + 1)) / 4;
}
