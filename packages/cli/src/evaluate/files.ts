import { SCORE_NAMES } from '@infnet/metrics';
import { VERSION } from '../version.js';
import type { SystemResult } from './score-system.js';

/** All numbers of an evaluation as JSON: definition, scores, curves, cases, failures. NaN becomes null. */
export function evaluationJson(results: readonly SystemResult[], groundTruth: string): string {
  const document = {
    tool: { name: '@infnet/cli', version: VERSION },
    groundTruth,
    definition: results[0]!.summary.definition,
    systems: results.map(({ name, folder, summary, failures }) => ({
      name,
      folder,
      cases: summary.cases,
      scores: summary.scores,
      curves: summary.curves,
      rows: summary.rows,
      failures,
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** One row per system and case, every score under its full name; undefined values stay empty. */
export function evaluationCsv(results: readonly SystemResult[]): string {
  const names = SCORE_NAMES.filter((name) => results[0]!.summary.scores[name] !== undefined);
  const lines = [['system', 'case', 'protocol', 'width', 'height', 'foreground', ...names]];
  for (const { name, summary } of results) {
    for (const { id, width, height, foreground, scores } of summary.rows) {
      const values = names.map((score) => scores[score] ?? NaN);
      lines.push([
        quoted(name),
        quoted(id),
        summary.definition.protocol,
        ...[width, height, foreground].map(String),
        ...values.map((value) => (Number.isFinite(value) ? String(value) : '')),
      ]);
    }
  }
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`;
}

/** A text cell: quoted where CSV needs it, and never a formula to a spreadsheet. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
