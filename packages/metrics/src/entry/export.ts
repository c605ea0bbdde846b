/**
 * Results as files: CSV, JSON, Markdown, LaTeX, and plots as SVG, each with the definition that made its numbers.
 *
 * @module
 */
export { columnOf, TABLE_SCORES, type Column } from '../export/columns.js';
export { casesCsv, csvTable, curvesCsv, measuresCsv, summaryCsv, type CsvCell } from '../export/csv.js';
export { precisionRecallSvg, reliabilitySvg, rocSvg, thresholdCurveSvg } from '../export/curve-plots.js';
export { describeDefinition } from '../export/describe-definition.js';
export { plainNumber, summaryJson } from '../export/json.js';
export { summaryLatex, type LatexOptions } from '../export/latex.js';
export { measuresMarkdown, summaryMarkdown, type TableOptions } from '../export/markdown.js';
export type { Interval, NamedSummary } from '../export/named-summary.js';
export { plotColour, plotSvg, type Plot, type PlotLine } from '../export/plot.js';
