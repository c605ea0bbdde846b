import type { LabelledRuns } from './connected-components.js';
import { forEachOverlap } from './runs.js';

/** Two lesions that share voxels. */
export interface LesionPair {
  readonly truth: number;
  readonly predicted: number;
  readonly overlap: number;
  readonly iou: number;
}

/** Every pair of a true and a predicted lesion that overlap, by falling IoU. Labels count from 1. */
export function overlappingPairs(truth: LabelledRuns, predicted: LabelledRuns): LesionPair[] {
  const base = predicted.components.length + 1;
  const overlaps = new Map<number, number>();
  forEachOverlap(truth.runs, predicted.runs, (i, j, voxels) => {
    const key = truth.labels[i]! * base + predicted.labels[j]!;
    overlaps.set(key, (overlaps.get(key) ?? 0) + voxels);
  });
  const pairs = Array.from(overlaps, ([key, overlap]) => {
    const [t, p] = [Math.floor(key / base), key % base];
    const union = truth.components[t - 1]!.voxels + predicted.components[p - 1]!.voxels - overlap;
    return { truth: t, predicted: p, overlap, iou: overlap / union };
  });
  return pairs.toSorted((a, b) => b.iou - a.iou || a.truth - b.truth || a.predicted - b.predicted);
}

/** Pairs above an IoU, each lesion at most once; the best pairs first. Above 0.5 there is no choice anyway. */
export function matchOneToOne(pairs: readonly LesionPair[], minimumIou: number): LesionPair[] {
  const [truths, predictions] = [new Set<number>(), new Set<number>()];
  return pairs.filter(({ truth, predicted, iou }) => {
    if (iou <= minimumIou || truths.has(truth) || predictions.has(predicted)) return false;
    truths.add(truth);
    predictions.add(predicted);
    return true;
  });
}
