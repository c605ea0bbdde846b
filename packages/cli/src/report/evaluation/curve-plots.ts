import {
  precisionRecallSvg,
  reliabilitySvg,
  rocSvg,
  thresholdCurveSvg,
  type NamedSummary,
} from '@infnet/metrics/export';

/** Curves over thresholds, precision-recall, ROC and reliability, one line per system. */
export function curvePlots(systems: readonly NamedSummary[]): string {
  const plots = [
    thresholdCurveSvg(systems, 'dice'),
    precisionRecallSvg(systems),
    thresholdCurveSvg(systems, 'sensitivity'),
    rocSvg(systems),
    thresholdCurveSvg(systems, 'eMeasure'),
    reliabilitySvg(systems),
  ];
  // In a page the name space is known; without it no address stands in the file.
  const inline = plots.map((svg) => svg.replace(' xmlns="http://www.w3.org/2000/svg"', ''));
  return `<section class="plots" aria-label="Curves">${inline.map((svg) => `<figure class="block">${svg}</figure>`).join('')}</section>`;
}
