import type { Definition } from '../definition.js';

/**
 * What a number means, in one line: protocol, thresholds, treatment of empty masks, version.
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { describeDefinition } from '@infnet/metrics/export';
 *
 * const line = describeDefinition(new DatasetEvaluator({ protocol: 'infnet' }).definition);
 * console.log(line.split('; ').slice(0, 2).join('; ')); // protocol infnet; each map stretched to 0..1
 * ```
 */
export function describeDefinition(definition: Definition): string {
  const { protocol, thresholds, thresholdRule, stretch, predictionMaximum, foregroundAbove } = definition;
  return [
    `protocol ${protocol}`,
    stretch === 'min-max' ? 'each map stretched to 0..1' : 'maps as they are',
    `${thresholds.length} thresholds (${thresholdRule}), predicted where v >= t`,
    `E-measure cut with ${definition.eMeasureComparison} and divided by ${definition.eMeasureDivisor}`,
    `beta^2 = ${definition.fBetaSquared}`,
    `0 / 0: ${definition.empty}`,
    `empty quadrant of S: ${definition.emptyQuadrant}`,
    ...(typeof predictionMaximum === 'number' ? [`1 is ${predictionMaximum}`] : []),
    ...(typeof foregroundAbove === 'number' ? [`foreground above ${foregroundAbove}`] : []),
    `${definition.package} ${definition.version}`,
  ].join('; ');
}
