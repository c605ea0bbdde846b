import { sameDefinition, type NamedSummary } from './named-summary.js';

/**
 * Everything of several systems as JSON: the definition once, then means with `n` and `excluded`, the other two averages,
 * curves and rows. NaN ("not defined") becomes null, Infinity the string "Infinity".
 *
 * @throws MetricsError `invalid-option`, `definition-mismatch`
 *
 * @example
 * ```ts
 * import { DatasetEvaluator } from '@infnet/metrics';
 * import { summaryJson } from '@infnet/metrics/export';
 *
 * const evaluator = new DatasetEvaluator();
 * evaluator.add('healthy', Uint8Array.of(0, 0), Uint8Array.of(0, 0), { width: 2, height: 1 });
 * const { definition, systems } = JSON.parse(summaryJson([{ name: 'ours', summary: evaluator.summary() }]));
 * console.log(definition.protocol, systems[0].scores.diceAtHalf.value, systems[0].scores.diceAtHalf.excluded); // standard null 1
 * ```
 */
export function summaryJson(systems: readonly NamedSummary[], indent = 2): string {
  const definition = sameDefinition(systems);
  const document = {
    format: 'infnet-metrics-summary/1',
    definition,
    systems: systems.map(({ name, summary, intervals, details }) => ({
      name,
      ...summary,
      definition: undefined, // once, above
      intervals,
      details,
    })),
  };
  return `${JSON.stringify(document, plainNumber, indent)}\n`;
}

/**
 * For `JSON.stringify`, which knows neither NaN nor Infinity: null, and a word.
 *
 * @example
 * ```ts
 * import { plainNumber } from '@infnet/metrics/export';
 *
 * console.log(JSON.stringify([NaN, Infinity, 1], plainNumber)); // [null,"Infinity",1]
 * ```
 */
export function plainNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? null : String(value);
}
