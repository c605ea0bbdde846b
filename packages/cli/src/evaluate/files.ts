import {
  casesCsv,
  csvTable,
  describeDefinition,
  plainNumber,
  summaryLatex,
  summaryMarkdown,
  type NamedSummary,
} from '@infnet/metrics/export';
import { VOLUME_MEASURES } from '@infnet/metrics/volumes';
import { VERSION } from '../version.js';
import { methodLine, type Comparison } from './comparison.js';
import { MASK_MEASURES } from './mask-measures.js';
import type { SystemResult } from './score-system.js';

/**
 * All numbers of an evaluation as JSON: definition, scores in both protocols, intervals, tests, curves, slices with and
 * without infection, volumes, cases, failures. NaN becomes null, Infinity a string.
 */
export function evaluationJson(
  comparisons: readonly Comparison[],
  results: readonly SystemResult[],
  groundTruth: string,
): string {
  const [first] = comparisons;
  const described = comparisons.map((comparison) => ({
    label: comparison.label,
    systems: comparison.systems.map(({ name, folder, summary, other, volumes, masks, intervals }) => ({
      name,
      folder,
      cases: summary.cases,
      scores: summary.scores,
      intervals,
      caseScores: summary.caseScores,
      pooled: summary.pooled,
      curves: summary.curves,
      otherProtocol: { definition: other.definition, scores: other.scores },
      infected: { cases: volumes.infected.cases, scores: volumes.infected.scores },
      healthy: { ...volumes.healthy, slices: volumes.healthy.slices.cases },
      volumes: volumes.volumes,
      masks,
      rows: summary.rows,
      failures: results.find((result) => result.name === name)!.failures,
    })),
    tests: comparison.tests,
  }));
  const document = {
    tool: { name: '@infnet/cli', version: VERSION },
    groundTruth,
    definition: first!.systems[0]!.summary.definition,
    ...(first!.label
      ? {
          classes: described,
          overClasses: results.map(({ name, overClasses }) => ({ name, ...overClasses })),
        }
      : { systems: described[0]!.systems, tests: described[0]!.tests }),
  };
  return `${JSON.stringify(document, plainNumber, 2)}\n`;
}

/** One row per system (and class) and case, every score under its full name. */
export function evaluationCsv(comparisons: readonly Comparison[]): string {
  return casesCsv(comparisons.flatMap(namedSummaries));
}

/** One row per system (and class) and volume or patient. */
export function volumesCsv(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap((comparison) =>
    comparison.systems.flatMap(({ volumes }, i) =>
      volumes.volumes.rows.map(({ id, values }) => [
        namedSummaries(comparison)[i]!.name,
        id,
        ...VOLUME_MEASURES.map((measure) => values[measure]),
        `${describeDefinition(volumes.definition)}; volumes at a threshold of 0.5`,
      ]),
    ),
  );
  return csvTable(['system', 'volume', ...VOLUME_MEASURES, 'definition'], rows);
}

/** One row per system (and class) and case: surfaces and lesions of the masks. */
export function masksCsv(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap((comparison) =>
    comparison.systems.flatMap(({ masks }, i) =>
      (masks?.rows ?? []).map(({ id, values }) => [
        namedSummaries(comparison)[i]!.name,
        id,
        ...MASK_MEASURES.map((measure) => values[measure]),
        masks!.definition,
      ]),
    ),
  );
  return csvTable(['system', 'case', ...MASK_MEASURES, 'definition'], rows);
}

/** The tables for a text: Markdown. */
export function evaluationMarkdown(comparisons: readonly Comparison[]): string {
  return comparisons
    .map((comparison) => {
      const title = comparison.label ? `## ${comparison.label.name.replaceAll(/[\s<>&]+/g, ' ')}\n\n` : '';
      return `${title}${summaryMarkdown(comparison.systems)}- ${methodLine(comparison)}\n`;
    })
    .join('\n');
}

/** The tables for a paper: LaTeX in the layout of the paper's Table II. */
export function evaluationLatex(comparisons: readonly Comparison[]): string {
  return comparisons
    .map(({ label, systems }) =>
      summaryLatex(
        // The paper prints no intervals; they are in every other file.
        systems.map(({ name, summary }) => ({ name, summary })),
        label
          ? { caption: `Quantitative results, ${label.name}`, label: `tab:evaluation-${label.label}` }
          : {},
      ),
    )
    .join('\n');
}

/** The systems under the names of a table that may hold several classes. */
function namedSummaries({ label, systems }: Comparison): NamedSummary[] {
  return systems.map(({ name, summary, intervals }) => ({
    name: label ? `${name} / ${label.name}` : name,
    summary,
    intervals,
  }));
}
