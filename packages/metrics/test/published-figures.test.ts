import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetEvaluator, type DatasetSummary } from '../src/index.js';
import { VolumeEvaluator } from '../src/entry/volumes.js';
import { maxOf, meanOf } from '../src/curves.js';
import { beyond, distance, readGolden, type GoldenNumber } from './support/golden.js';
import { pngNames, readJson, readPng, REASON, sharedDataPresent } from './support/shared-data.js';

const LUNG = 'Dataset/TestingSet/LungInfection-Test/GT';
const MULTI = 'Dataset/TestingSet/MultiClassInfection-Test';
const RESULTS = 'Results';

/** Folder of maps, folder of masks, key of the authors' results, oracle file. */
const SYSTEMS = [
  ['LungInfection-Test/Inf-Net', LUNG, 'LungInfection-Test-1-mat/Inf-Net', 'LungInfection-Test.Inf-Net'],
  [
    'LungInfection-Test/Semi-Inf-Net',
    LUNG,
    'LungInfection-Test-1-mat/Semi-Inf-Net',
    'LungInfection-Test.Semi-Inf-Net',
  ],
  ['LungInfection-Test/UNet', LUNG, 'LungInfection-Test-1-mat/UNet', 'LungInfection-Test.UNet'],
  [
    'MultiClassInfection-Test/GGO/Semi-Inf-Net_UNet',
    `${MULTI}/GT-1`,
    'MultiClassInfection-Test-1-mat/Semi-Inf-Net_UNet',
    'MultiClassInfection-Test-GGO.Semi-Inf-Net_UNet',
  ],
  [
    'MultiClassInfection-Test/Consolidation/Semi-Inf-Net_UNet',
    `${MULTI}/GT-2`,
    'MultiClassInfection-Test-2-mat/Semi-Inf-Net_UNet',
    'MultiClassInfection-Test-Consolidation.Semi-Inf-Net_UNet',
  ],
] as const;

interface Published {
  readonly Sm: number;
  readonly mae: number;
  readonly meanDic: number;
  readonly maxDic: number;
  readonly meanSen: number;
  readonly meanSpe: number;
  readonly meanEm: number;
  readonly maxEm: number;
  readonly adpDic?: number;
  readonly adpEm?: number;
  readonly column_Dic: readonly number[];
  readonly column_Sen: readonly number[];
  readonly column_Spe: readonly number[];
  readonly column_E: readonly number[];
}

interface Oracle {
  readonly summary: Readonly<Record<string, number>>;
  readonly perImage: Readonly<
    Record<
      string,
      Readonly<Record<string, number>> & {
        readonly at05: Readonly<Record<'tp' | 'fp' | 'fn' | 'tn', number>>;
      }
    >
  >;
}

/** Dice, sensitivity, specificity, S, mean E, MAE as Table II prints them. */
const PRINTED = {
  'LungInfection-Test/Inf-Net': '0.682 0.692 0.943 0.781 0.838 0.082',
  'LungInfection-Test/Semi-Inf-Net': '0.739 0.725 0.960 0.800 0.894 0.064',
  'LungInfection-Test/UNet': '0.439 0.534 0.858 0.622 0.625 0.186',
} as const;

const published = (readGolden('published-curves') as { models: Record<string, Published> }).models;

function evaluate(maps: string, masks: string, comparison: '>=' | '>'): DatasetSummary {
  const evaluator = new DatasetEvaluator({ protocol: 'infnet', eMeasureComparison: comparison });
  for (const name of pngNames(masks)) {
    const map = readPng(`${RESULTS}/${maps}/${name}`);
    evaluator.add(name, map.data, readPng(`${masks}/${name}`).data, map);
  }
  return evaluator.summary();
}

describe.skipIf(!sharedDataPresent).each(SYSTEMS)(
  `the authors' maps of %s (${REASON})`,
  (maps, masks, key, oracleFile) => {
    const authors = published[key]!;
    let ours: DatasetSummary;
    beforeAll(() => {
      ours = evaluate(maps, masks, '>');
    });

    it('give the published Dice, sensitivity and specificity curves bit for bit', () => {
      expect(ours.cases).toBe(48);
      expect(ours.curves.dice.values).toEqual(authors.column_Dic);
      expect(ours.curves.sensitivity.values).toEqual(authors.column_Sen);
      expect(ours.curves.specificity.values).toEqual(authors.column_Spe);
    });

    it('give the published E-measure curve to 1e-12', () => {
      expect(distance(ours.curves.eMeasure.values, authors.column_E)).toBeLessThanOrEqual(1e-12);
    });

    it('give the published summary figures to 1e-12', () => {
      const { scores } = ours;
      const pairs: readonly (readonly [string, number, GoldenNumber | undefined])[] = [
        ['Sm', scores.structureMeasure.value, authors.Sm],
        ['mae', scores.meanAbsoluteError.value, authors.mae],
        ['meanDic', scores.meanDice.value, authors.meanDic],
        ['maxDic', scores.maxDice.value, authors.maxDic],
        ['meanSen', scores.meanSensitivity.value, authors.meanSen],
        ['meanSpe', scores.meanSpecificity.value, authors.meanSpe],
        ['meanEm', scores.meanEMeasure.value, authors.meanEm],
        ['maxEm', scores.maxEMeasure.value, authors.maxEm],
        ['adpDic', scores.adaptiveDice.value, authors.adpDic],
        ['adpEm', scores.adaptiveEMeasure.value, authors.adpEm],
      ];
      const gaps = pairs.flatMap(([name, value, wanted]) =>
        wanted === undefined ? [] : [[name, distance([value], [wanted])]],
      );
      expect(beyond(1e-12, Object.fromEntries(gaps))).toEqual({});
    });

    it('agree with an independent numpy port image by image', () => {
      const oracle = readJson(`oracle/${oracleFile}.json`) as Oracle;
      for (const [name, wanted] of Object.entries(oracle.perImage)) {
        const row = ours.rows.find(({ id }) => id === name)!;
        const { tp, fp, fn } = wanted.at05;
        const dice = tp === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn);
        expect(row.foreground).toBe(wanted['gtPixels']);
        expect(
          beyond(1e-12, {
            Sm: distance([row.scores.structureMeasure], [wanted['Sm']!]),
            MAE: distance([row.scores.meanAbsoluteError], [wanted['MAE']!]),
            meanDice: distance([row.scores.meanDice], [wanted['meanDice']!]),
            meanSen: distance([row.scores.meanSensitivity], [wanted['meanSen']!]),
            meanSpe: distance([row.scores.meanSpecificity], [wanted['meanSpe']!]),
            maxDice: distance([row.scores.maxDice], [wanted['maxDice']!]),
            diceAtHalf: distance([row.scores.diceAtHalf], [dice]),
          }),
        ).toEqual({});
        expect(distance([row.scores.meanEMeasure], [wanted['meanEmStrict']!])).toBeLessThanOrEqual(2e-11);
      }
      const shipped = evaluate(maps, masks, '>=');
      expect(
        distance([shipped.scores.meanEMeasure.value], [oracle.summary['meanEmNonStrict']!]),
      ).toBeLessThanOrEqual(2e-11);
    });
  },
);

describe.skipIf(!sharedDataPresent)(`Table II (${REASON})`, () => {
  it.each(Object.entries(PRINTED))('%s: %s', (maps, printed) => {
    const { scores } = evaluate(maps, LUNG, '>');
    const { meanDice, meanSensitivity, meanSpecificity, structureMeasure, meanEMeasure, meanAbsoluteError } =
      scores;
    const row = [
      meanDice,
      meanSensitivity,
      meanSpecificity,
      structureMeasure,
      meanEMeasure,
      meanAbsoluteError,
    ];
    expect(row.map(({ value }) => value.toFixed(3)).join(' ')).toBe(printed);
  });
});

const SHARED_KEYS: ReadonlySet<string> = new Set(SYSTEMS.map(([, , key]) => key));

describe.each(Object.entries(published))('the published results of %s', (key, authors) => {
  // The curves' own maps are at hand for five of the fourteen; the tests above go all the way from there.
  const extent = SHARED_KEYS.has(key)
    ? 'maps are in ../shared'
    : 'maps are not in ../shared: from the curves only';

  it(`table figures are mean and maximum of the averaged curves (${extent})`, () => {
    const { column_Dic: dice, column_Sen: sensitivity, column_Spe: specificity, column_E: e } = authors;
    const gaps = {
      meanDic: distance([meanOf(Float64Array.from(dice))], [authors.meanDic]),
      maxDic: distance([maxOf(Float64Array.from(dice))], [authors.maxDic]),
      meanSen: distance([meanOf(Float64Array.from(sensitivity))], [authors.meanSen]),
      meanSpe: distance([meanOf(Float64Array.from(specificity))], [authors.meanSpe]),
      meanEm: distance([meanOf(Float64Array.from(e))], [authors.meanEm]),
      maxEm: distance([maxOf(Float64Array.from(e))], [authors.maxEm]),
    };
    expect(beyond(1e-12, gaps)).toEqual({});
  });
});

it('of the fourteen published result sets, the maps of five are in ../shared', () => {
  expect(Object.keys(published)).toHaveLength(14);
  expect(Object.keys(published).filter((key) => SHARED_KEYS.has(key))).toHaveLength(5);
});

describe.skipIf(!sharedDataPresent)(`slices without consolidation (${REASON})`, () => {
  const evaluator = new VolumeEvaluator({ protocol: 'infnet' });
  beforeAll(() => {
    const masks = `${MULTI}/GT-2`;
    for (const name of pngNames(masks)) {
      const map = readPng(`${RESULTS}/MultiClassInfection-Test/Consolidation/Semi-Inf-Net_UNet/${name}`);
      evaluator.addSlice(name, 0, map.data, readPng(`${masks}/${name}`).data, map);
    }
  });

  it('38 of 48 are left, and give the figures that the paper prints', () => {
    const { infected, healthy } = evaluator.summary();
    expect([infected.cases, healthy.slices.cases]).toEqual([38, 10]);
    const { meanDice, meanSensitivity, meanSpecificity, meanAbsoluteError } = infected.scores;
    const row = [meanDice, meanSensitivity, meanSpecificity, meanAbsoluteError];
    expect(row.map(({ value }) => value.toFixed(3)).join(' ')).toBe('0.457 0.509 0.967 0.047');
  });
});

describe.skipIf(!sharedDataPresent)(`Semi-Inf-Net over cases and over pixels (${REASON})`, () => {
  it('0.770 and 0.822 at a threshold of 0.5', () => {
    const { scores, pooled } = evaluate('LungInfection-Test/Semi-Inf-Net', LUNG, '>');
    expect(scores.diceAtHalf.value.toFixed(3)).toBe('0.770');
    expect(pooled.scoresAtHalf.dice.toFixed(3)).toBe('0.822');
  });
});
