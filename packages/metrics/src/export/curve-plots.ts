import type { CurveName } from '../curves.js';
import { pooledPrecisionRecall, pooledReliability, pooledRoc } from '../pooled-curves.js';
import { describeDefinition } from './describe-definition.js';
import { sameDefinition, type NamedSummary } from './named-summary.js';
import { areaNote, plotSvg } from './plot.js';

const CURVE_WORDS: Readonly<Record<string, string>> = {
  dice: 'Dice',
  iou: 'IoU',
  fBeta: 'F-measure',
  precision: 'Precision',
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
  accuracy: 'Accuracy',
  balancedAccuracy: 'Balanced accuracy',
  mcc: 'MCC',
  kappa: 'Kappa',
  eMeasure: 'E-measure',
};

/**
 * A measure against the threshold, averaged over cases, one line per system, as SVG.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { thresholdCurveSvg } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Uint8Array.of(255, 0), Uint8Array.of(1, 0), { width: 2, height: 1 });
 * console.log(thresholdCurveSvg([{ name: 'ours', summary: evaluator.summary() }], 'dice').includes('mean 0.999')); // true
 * ```
 */
export function thresholdCurveSvg(systems: readonly NamedSummary[], curve: CurveName): string {
  const definition = sameDefinition(systems);
  const words = CURVE_WORDS[curve] ?? curve;
  return plotSvg({
    title: `${words} by threshold`,
    xLabel: 'threshold',
    yLabel: `${words}, mean over cases`,
    definition: describeDefinition(definition),
    lines: systems.map(({ name, summary }) => {
      const { values } = summary.curves[curve];
      return {
        name,
        points: values.map((value, t) => [definition.thresholds[t]!, value] as const),
        note: areaNote('mean', values.reduce((sum, value) => sum + value, 0) / values.length),
      };
    }),
  });
}

/**
 * Precision against recall over all pixels of the data set, with the average precision, as SVG.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { precisionRecallSvg } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Float32Array.of(0.9, 0.4, 0.6, 0.1), Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 });
 * console.log(precisionRecallSvg([{ name: 'ours', summary: evaluator.summary() }]).includes('AP 0.833')); // true
 * ```
 */
export function precisionRecallSvg(systems: readonly NamedSummary[]): string {
  return plotSvg({
    title: 'Precision and recall, all pixels',
    xLabel: 'recall (sensitivity)',
    yLabel: 'precision',
    definition: describeDefinition(sameDefinition(systems)),
    lines: systems.map(({ name, summary }) => {
      const { points, area } = pooledPrecisionRecall(summary);
      return { name, points, note: areaNote('AP', area) };
    }),
  });
}

/**
 * Sensitivity against false-positive rate over all pixels of the data set, with the area, as SVG.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { rocSvg } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Float32Array.of(0.9, 0.4, 0.6, 0.1), Uint8Array.of(1, 1, 0, 0), { width: 2, height: 2 });
 * console.log(rocSvg([{ name: 'ours', summary: evaluator.summary() }]).includes('AUC 0.750')); // true
 * ```
 */
export function rocSvg(systems: readonly NamedSummary[]): string {
  return plotSvg({
    title: 'ROC, all pixels',
    xLabel: 'false-positive rate (1 - specificity)',
    yLabel: 'sensitivity',
    diagonal: true,
    definition: describeDefinition(sameDefinition(systems)),
    lines: systems.map(({ name, summary }) => {
      const { points, area } = pooledRoc(summary);
      return { name, points, note: areaNote('AUC', area) };
    }),
  });
}

/**
 * How often a pixel is foreground where the map says p, over all pixels of the data set, as SVG.
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { reliabilitySvg } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('slice-1', Uint8Array.of(204, 204, 51, 51), Uint8Array.of(1, 1, 1, 0), { width: 2, height: 2 });
 * console.log(reliabilitySvg([{ name: 'ours', summary: evaluator.summary() }]).split('<circle').length - 1); // 2
 * ```
 */
export function reliabilitySvg(systems: readonly NamedSummary[]): string {
  return plotSvg({
    title: 'Reliability, all pixels',
    xLabel: 'what the map says',
    yLabel: 'share that is foreground',
    diagonal: true,
    dots: true,
    definition: describeDefinition(sameDefinition(systems)),
    lines: systems.map(({ name, summary }) => ({
      name,
      points: pooledReliability(summary).map(({ confidence, frequency }) => [confidence, frequency] as const),
    })),
  });
}
