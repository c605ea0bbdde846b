import { compareQuantities, type QuantityChange, type QuantityComparison } from '@infnet/io-medical';
import { hounsfield, millilitres } from '../progress/quantities.js';
import type { CaseRecord } from '../segment/case-result.js';
import type { PageTable } from './page-data.js';

/** What changed from one scan to the next. */
export interface CaseComparison extends QuantityComparison {
  readonly earlier: string;
  readonly later: string;
}

/** Each case against the one before it, if they are scans of one patient in order of time. */
export function comparisonsOf(records: readonly CaseRecord[], compare: boolean): CaseComparison[] {
  if (!compare) return [];
  return records.slice(1).map(({ result }, i) => {
    const before = records[i]!.result;
    return {
      earlier: before.input,
      later: result.input,
      ...compareQuantities(before.quantities, result.quantities),
    };
  });
}

/** A comparison for the page. */
export function comparisonTable({ earlier, later, changes, differences }: CaseComparison): PageTable {
  return {
    title: `Change from ${earlier} to ${later}`,
    columns: ['', 'Earlier', 'Later', 'Change'],
    rows: changes.map((change) => [
      change.name.charAt(0).toUpperCase() + change.name.slice(1),
      text(change, change.earlier),
      text(change, change.later),
      changeText(change),
    ]),
    method:
      differences.length === 0
        ? 'Measured in the same way at both times. The scans are not registered.'
        : `Not measured in the same way, so that a change may be one of method. ${differences.join('. ')}`,
  };
}

function text({ unit }: QuantityChange, value: number): string {
  if (unit === 'ml') return millilitres(value);
  if (unit === 'HU') return hounsfield(value);
  return unit === '%' ? `${value.toFixed(1)} %` : value.toLocaleString('en');
}

function changeText(change: QuantityChange): string {
  const size = text(change, Math.abs(change.change)).replace('%', 'points');
  const relative =
    change.relativeChange === undefined
      ? ''
      : ` (${(100 * change.relativeChange).toFixed(0).replace('-', '−')} %)`;
  return `${change.change < 0 ? '−' : '+'}${size.replace('−', '')}${relative}`;
}
