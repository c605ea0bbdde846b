import { curveOf, findingLine, reportPage, tablesOf, zonesOf, type Fact } from '@infnet/cli/report';
import type { Measurement } from '@infnet/io-medical';
import viewerScript from 'infnet:report-viewer';
import { cardsOfCase, checksOf, factsOfImage } from './figures.js';
import type { SegmentedCase } from './run-case.js';

/** The report of a case, as the command line tool writes it: one HTML file that asks for nothing. */
export async function reportOf(
  segmented: SegmentedCase,
  measurement: Measurement,
  threshold: number,
): Promise<string> {
  const { volume, pool, model, size, name, pictures } = segmented;
  const { quantities } = measurement;
  const curve = curveOf(quantities);
  const time = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const facts: Fact[] = [
    { label: 'Model', value: `${model.name}${model.demo ? ' (demo, trained on phantoms)' : ''}` },
    ...(model.sha256 === undefined ? [] : [{ label: 'Model sha256', value: model.sha256 }]),
    { label: 'Parameters', value: pool.model.parameters.toLocaleString('en') },
    { label: 'Backend', value: `${pool.backend.name} (${pool.device})` },
    { label: 'Threshold', value: `probability ≥ ${threshold}, after resizing to the size of the image` },
    { label: 'Network input', value: `${size} × ${size} pixels` },
    { label: 'Made by', value: `the live page, version ${INFNET_VERSION}` },
  ];
  return reportPage(
    {
      created: time,
      version: INFNET_VERSION,
      facts,
      chips: [
        { label: 'model', value: model.name },
        { label: 'backend', value: pool.backend.name },
        { label: 'threshold', value: String(threshold) },
      ],
      threshold,
      notices: model.demo
        ? [
            'This used the demo model, which was trained on synthetic phantoms only: it shows how things work and ' +
              'knows nothing of real patients.',
          ]
        : [],
      cases: [
        {
          name,
          finding: findingLine(quantities),
          share: quantities.shareOfImage,
          cards: cardsOfCase(segmented, measurement),
          facts: [...factsOfImage(volume.about), { label: 'Measured as', value: quantities.method }],
          warnings: volume.about.warnings,
          checks: checksOf(segmented, measurement),
          zones: zonesOf(quantities),
          tables: tablesOf(quantities),
          curve,
          pictures: await pictures.finish(curve.areas),
        },
      ],
      failures: [],
      comparisons: [],
    },
    viewerScript,
  );
}
