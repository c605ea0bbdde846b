import { comparisonsOf, comparisonTable } from './comparisons.js';
import { RESEARCH_USE } from './shell.js';
import { reportPage } from './report-page.js';
import { viewerScript } from './viewer-script.js';
import type { Fact, PageData } from './page-data.js';
import type { LabellerFacts } from '../segment/labeller.js';
import type { GateFacts } from '../segment/load-gate.js';
import { DEMO_MODEL_NOTICE } from '../segment/load-model.js';
import type { SegmentRun } from '../segment/segment-inputs.js';
import type { SegmentOptions } from '../segment/segment-options.js';
import { versions } from '../versions.js';

/** Cases that the page shows; all are in report.json. */
const PAGE_CASES = 1000;

/** Writes report.json and report.html of a run, finished or stopped. */
export async function writeReport(
  run: SegmentRun,
  options: Pick<SegmentOptions, 'threshold' | 'window' | 'saveProbability' | 'compare'>,
): Promise<void> {
  const created = new Date().toISOString();
  await run.folder.write(
    'report.json',
    `${JSON.stringify(reportJson(run, options, created), undefined, 2)}\n`,
  );
  await run.folder.write('report.html', reportPage(pageOf(run, options, created), await viewerScript()));
}

function reportJson(run: SegmentRun, options: Parameters<typeof writeReport>[1], created: string): object {
  const { backend, model, labeller, gate, size, records, failures, skipped, interrupted, seconds } = run;
  return {
    format: 'infnet-report-1',
    created,
    notice: model.shipped ? `${RESEARCH_USE} ${DEMO_MODEL_NOTICE}` : RESEARCH_USE,
    versions: versions(),
    backend,
    model,
    ...(labeller && { multiClass: withoutPath(labeller) }),
    ...(gate && { gate }),
    options: {
      threshold: options.threshold,
      size,
      window: options.window ?? null,
      saveProbability: options.saveProbability === true,
    },
    seconds,
    interrupted,
    keptFromEarlier: skipped,
    results: records.map(({ result }) => result),
    ...(options.compare === true && { comparisons: comparisonsOf(records, true) }),
    failures,
  };
}

function pageOf(run: SegmentRun, options: Parameters<typeof writeReport>[1], created: string): PageData {
  const { threshold } = options;
  const { backend, model, labeller, gate, size, records, failures, interrupted } = run;
  const time = `${created.slice(0, 16).replace('T', ' ')} UTC`;
  const made: Fact[] = [
    { label: 'Model', value: `${model.name}${model.shipped ? ' (demo, trained on phantoms)' : ''}` },
    { label: 'Model sha256', value: model.sha256 },
    { label: 'Parameters', value: model.parameters.toLocaleString('en') },
    ...(labeller ? [{ label: 'Classes', value: `${labeller.name}, sha256 ${labeller.sha256}` }] : []),
    { label: 'Backend', value: `${backend.name} (${backend.device})` },
    { label: 'Passed over', value: passedOver(run) },
    { label: 'Threshold', value: `probability ≥ ${threshold}, after resizing to the size of the image` },
    ...(gate ? gateFacts(gate) : []),
    { label: 'Network input', value: `${size} × ${size} pixels` },
    ...Object.entries(versions()).map(([label, value]) => ({ label, value })),
  ];
  return {
    created: time,
    version: versions()['@infnet/cli']!,
    facts: made,
    chips: [
      { label: 'model', value: model.name },
      { label: 'backend', value: backend.name },
      { label: 'threshold', value: String(threshold) },
    ],
    threshold,
    notices: [
      ...(model.shipped ? [DEMO_MODEL_NOTICE] : []),
      ...(interrupted ? ['The run was stopped before its end; these are the inputs that were done.'] : []),
      ...(records.length > PAGE_CASES
        ? [`This page shows ${PAGE_CASES} of ${records.length} inputs; report.json has all.`]
        : []),
    ],
    cases: records.slice(0, PAGE_CASES).map(({ page }) => page),
    failures,
    comparisons: comparisonsOf(records, options.compare === true).map(comparisonTable),
  };
}

/** Reports are passed on, so they do not tell where a model lies. */
function withoutPath(labeller: LabellerFacts): object {
  return { ...labeller, path: undefined };
}

function gateFacts({ name, sha256, threshold }: GateFacts): Fact[] {
  const value = `${name}: a slice below ${threshold} counts as healthy and has an empty mask`;
  return [
    { label: 'Slice gate', value },
    { label: 'Slice gate sha256', value: sha256 },
  ];
}

function passedOver({ backend }: SegmentRun): string {
  const names = backend.tried.map(({ name }) => name);
  return names.length === 0 ? 'nothing' : `${names.join(', ')} (report.json says why)`;
}
