import {
  cardHtml,
  cardsOf,
  checkHtml,
  curveOf,
  curveSvg,
  escapeHtml,
  factList,
  imageFacts,
  pageTable,
  spacingOf,
  tablesOf,
  windowText,
  zonesHtml,
  zonesOf,
  type Card,
  type Fact,
} from '@infnet/cli/report';
import type { ImageCheck, Measurement, VolumeAbout } from '@infnet/io-medical';
import type { SegmentedCase } from './run-case.js';

/** Seconds of a run, from the file to the figures. */
function secondsOf({ seconds }: SegmentedCase): number {
  return seconds.read + seconds.model + seconds.predict + seconds.measure;
}

/** The cards of a case. */
export function cardsOfCase(segmented: SegmentedCase, { quantities }: Measurement): Card[] {
  return cardsOf(quantities, secondsOf(segmented), segmented.pool.backend.name);
}

/** What the image is. */
export function factsOfImage(about: VolumeAbout): Fact[] {
  return imageFacts({
    ...about,
    ...(about.calibrated && { spacingMm: spacingOf(about) }),
    window: windowText({ unit: about.unit, eightBit: about.voxelType === 'uint8' }),
  });
}

/** What looks wrong with an image, its lungs or its mask. */
export function checksOf({ volume }: SegmentedCase, { checks }: Measurement): readonly ImageCheck[] {
  return [...volume.about.checks, ...checks];
}

/** Everything that was measured, as the report shows it. */
export function figuresHtml(segmented: SegmentedCase, measurement: Measurement): string {
  const { about } = segmented.volume;
  const { quantities } = measurement;
  const curve = curveOf(quantities);
  const zones = zonesOf(quantities);
  const facts = [
    ...factsOfImage(about),
    { label: 'Measured as', value: quantities.method },
    { label: 'Model', value: segmented.model.name },
  ];
  return [
    `<ul class="cards">${cardsOfCase(segmented, measurement).map(cardHtml).join('')}</ul>`,
    curve.areas.length > 1
      ? `<figure><figcaption>Infected area per slice, ${curve.unit} <span>click to go there</span></figcaption>${curveSvg(curve)}</figure>`
      : '',
    ...checksOf(segmented, measurement).map(checkHtml),
    ...about.warnings.map((text) => `<p class="warning">${escapeHtml(text)}</p>`),
    zones === null ? '' : zonesHtml(zones),
    ...tablesOf(quantities).map((table) => pageTable(table)),
    factList(facts),
  ].join('\n');
}
