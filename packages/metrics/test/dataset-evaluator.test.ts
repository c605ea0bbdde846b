import { describe, expect, it } from 'vitest';
import {
  CURVE_NAMES,
  DatasetEvaluator,
  evaluateMap,
  MetricsError,
  type DatasetOptions,
  type DatasetSummary,
} from '../src/index.js';
import { beyond, distance, inflate, readGolden } from './support/golden.js';
import { randomCase, randomGenerator } from './support/random.js';

interface Aggregate {
  readonly height: number;
  readonly width: number;
  readonly lung: { readonly gt: Images; readonly models: Readonly<Record<string, Images>> };
  readonly multi: readonly { readonly gt: Images; readonly models: Readonly<Record<string, Images>> }[];
  readonly results: Readonly<Record<string, Readonly<Record<string, AggregateResult>>>>;
  readonly text: Readonly<Record<string, readonly string[]>>;
}
type Images = Readonly<Record<string, string>>;
interface AggregateResult {
  readonly Sm: number;
  readonly mae: number;
  readonly column_Dic: number[];
  readonly column_Sen: number[];
  readonly column_Spe: number[];
  readonly column_E: number[];
  readonly meanDic: number;
  readonly maxDic: number;
  readonly meanSen: number;
  readonly maxSen: number;
  readonly meanSpe: number;
  readonly maxSpe: number;
  readonly meanEm: number;
  readonly maxEm: number;
}

const aggregate = readGolden('aggregate') as Aggregate;
const shape = { width: aggregate.width, height: aggregate.height };

const runs = [
  ...Object.entries(aggregate.lung.models).map(
    ([model, maps]) => ['LungInfection-Test-1', model, aggregate.lung.gt, maps] as const,
  ),
  ...aggregate.multi.flatMap(({ gt, models }, i) =>
    Object.entries(models).map(
      ([model, maps]) => [`MultiClassInfection-Test-${i + 1}`, model, gt, maps] as const,
    ),
  ),
];

function evaluate(masks: Images, maps: Images, options: DatasetOptions): DatasetEvaluator {
  const evaluator = new DatasetEvaluator(options);
  for (const [id, mask] of Object.entries(masks)) evaluator.add(id, inflate(maps[id]!), inflate(mask), shape);
  return evaluator;
}

function withoutRows(summary: DatasetSummary): DatasetSummary {
  return { ...summary, rows: [] };
}

describe.each(runs)("the reference's main.m, %s, %s", (set, model, masks, maps) => {
  const { scores, curves, cases } = evaluate(masks, maps, {
    protocol: 'infnet',
    eMeasureComparison: '>=',
    foregroundAbove: 128,
  }).summary();
  const wanted = aggregate.results[`${set}-mat`]![model]!;

  it('gives the same averaged curves and figures', () => {
    expect(cases).toBe(Object.keys(masks).length);
    expect(
      beyond(1e-12, {
        dice: distance(curves.dice.values, wanted.column_Dic),
        sensitivity: distance(curves.sensitivity.values, wanted.column_Sen),
        specificity: distance(curves.specificity.values, wanted.column_Spe),
        eMeasure: distance(curves.eMeasure.values, wanted.column_E),
        Sm: distance([scores.structureMeasure.value], [wanted.Sm]),
        mae: distance([scores.meanAbsoluteError.value], [wanted.mae]),
        meanDic: distance([scores.meanDice.value], [wanted.meanDic]),
        maxDic: distance([scores.maxDice.value], [wanted.maxDic]),
        meanSen: distance([scores.meanSensitivity.value], [wanted.meanSen]),
        maxSen: distance([scores.maxSensitivity.value], [wanted.maxSen]),
        meanSpe: distance([scores.meanSpecificity.value], [wanted.meanSpe]),
        maxSpe: distance([scores.maxSpecificity.value], [wanted.maxSpe]),
        meanEm: distance([scores.meanEMeasure.value], [wanted.meanEm]),
        maxEm: distance([scores.maxEMeasure.value], [wanted.maxEm]),
      }),
    ).toEqual({});
  });

  it('prints the same line', () => {
    const figures = [
      `meanDic:${scores.meanDice.value.toFixed(3)}`,
      `meanSen:${scores.meanSensitivity.value.toFixed(3)}`,
      `meanSpe:${scores.meanSpecificity.value.toFixed(3)}`,
      `Sm:${scores.structureMeasure.value.toFixed(3)}`,
      `meanEm:${scores.meanEMeasure.value.toFixed(3)}`,
      `MAE:${scores.meanAbsoluteError.value.toFixed(3)}`,
    ].join(';');
    const lines = aggregate.text[`${set}_result.txt`]!;
    expect(lines.some((line) => line.includes(`Model:${model}) ${figures}.`))).toBe(true);
  });
});

const size = { width: 24, height: 20 };
const empty = new Uint8Array(480);

function randomEvaluator(from: number, to: number, options: DatasetOptions = {}): DatasetEvaluator {
  const evaluator = new DatasetEvaluator(options);
  for (let seed = from; seed < to; seed++) {
    const { prediction, groundTruth } = randomCase(seed, 24, 20);
    evaluator.add(`case ${seed}`, prediction, groundTruth, size);
  }
  return evaluator;
}

describe('cases without a defined value', () => {
  const { prediction, groundTruth } = randomCase(1, 24, 20);

  it('are left out of the mean and counted', () => {
    const evaluator = new DatasetEvaluator();
    const alone = evaluator.add('lesion', prediction, groundTruth, size);
    evaluator.add('healthy', empty, empty, size);
    const { scores, curves, cases } = evaluator.summary();
    expect(cases).toBe(2);
    expect(scores.diceAtHalf).toEqual({ value: alone.scores.diceAtHalf, n: 1, excluded: 1 });
    expect(scores.meanDice).toEqual({ value: alone.scores.meanDice, n: 1, excluded: 1 });
    expect(curves.dice).toMatchObject({ n: 1, excluded: 1 });
    expect(scores.specificityAtHalf).toMatchObject({ n: 2, excluded: 0 });
    expect(scores.structureMeasure).toMatchObject({ n: 2, excluded: 0 });
  });

  it("count 1 or 0 under 'one-zero'", () => {
    const evaluator = new DatasetEvaluator({ empty: 'one-zero' });
    evaluator.add('right', empty, empty, size);
    evaluator.add('false alarm', prediction, empty, size);
    expect(evaluator.summary().scores.diceAtHalf).toEqual({ value: 0.5, n: 2, excluded: 0 });
  });

  it('make the mean NaN under infnet, as in MATLAB', () => {
    const evaluator = new DatasetEvaluator({ protocol: 'infnet' });
    evaluator.add('lesion', prediction, groundTruth, size);
    evaluator.add(
      'all lesion',
      prediction,
      empty.map(() => 1),
      size,
    );
    const { scores } = evaluator.summary();
    expect(scores.meanSpecificity).toEqual({ value: NaN, n: 2, excluded: 0 });
    expect(scores.meanDice.value).toBeGreaterThan(0);
  });

  it('leave NaN and n = 0 where no case is defined', () => {
    const nothing = new DatasetEvaluator().summary();
    expect(nothing.cases).toBe(0);
    expect(nothing.scores.meanDice).toEqual({ value: NaN, n: 0, excluded: 0 });
  });
});

describe('merge and JSON', () => {
  const whole = randomEvaluator(0, 12, { weightedF: true });

  it('two halves make the whole', () => {
    const merged = randomEvaluator(0, 5, { weightedF: true }).merge(
      randomEvaluator(5, 12, { weightedF: true }),
    );
    const [a, b] = [merged.summary(), whole.summary()];
    expect(a.rows).toEqual(b.rows);
    for (const [name, score] of Object.entries(b.scores)) {
      const other = a.scores[name as keyof typeof a.scores]!;
      expect([other.n, other.excluded]).toEqual([score.n, score.excluded]);
      expect(Math.abs(other.value - score.value)).toBeLessThanOrEqual(1e-14);
    }
  });

  it('any partition in any order makes the whole, also by way of JSON', () => {
    const random = randomGenerator(77);
    for (const options of [{}, { protocol: 'infnet' }, { empty: 'one-zero' }] as const) {
      const ids = Array.from({ length: 14 }, (_, id) => id);
      const all = randomEvaluator(0, 14, options).summary();
      for (let round = 0; round < 4; round++) {
        const parts = Array.from({ length: 3 }, () => new DatasetEvaluator(options));
        for (const id of ids.toSorted(() => random() - 0.5)) {
          const { prediction, groundTruth } = randomCase(id, 24, 20);
          parts[Math.floor(random() * 3)]!.add(`case ${id}`, prediction, groundTruth, size);
        }
        const merged = parts
          .toSorted(() => random() - 0.5)
          .map((part) => DatasetEvaluator.fromJSON(JSON.stringify(part)))
          .reduce((sum, part) => sum.merge(part))
          .summary();
        expect(merged.cases).toBe(14);
        expect(merged.pooled).toEqual(all.pooled); // whole numbers: no rounding at all
        const inOrder = merged.rows.toSorted((a, b) => Number(a.id.slice(5)) - Number(b.id.slice(5)));
        expect(inOrder).toEqual(all.rows);
        for (const name of CURVE_NAMES) {
          expect(distance(merged.curves[name].values, all.curves[name].values)).toBeLessThanOrEqual(1e-13);
        }
        for (const [name, { value, sd, n, excluded }] of Object.entries(all.caseScores)) {
          const other = merged.caseScores[name as keyof typeof merged.caseScores]!;
          expect([other.n, other.excluded]).toEqual([n, excluded]);
          expect(distance([other.value, other.sd], [value, sd])).toBeLessThanOrEqual(1e-13);
        }
      }
    }
  });

  it('a state survives JSON, NaN included, and goes on to the same result', () => {
    const options = { protocol: 'infnet', thresholds: [0.9, 0.5, 0.1], predictionMaximum: 200 } as const;
    const first = randomEvaluator(0, 4, options);
    first.add(
      'NaN',
      empty,
      empty.map(() => 1),
      size,
    );
    const text = JSON.stringify(first);
    const restored = DatasetEvaluator.fromJSON(text);
    expect(restored.summary()).toEqual(first.summary());
    expect(DatasetEvaluator.fromJSON(JSON.parse(text)).size).toBe(5);
    const { prediction, groundTruth } = randomCase(99, 24, 20);
    for (const evaluator of [first, restored]) evaluator.add('later', prediction, groundTruth, size);
    expect(restored.summary()).toEqual(first.summary());
  });

  it('keepCases: false changes nothing but the rows', () => {
    const slim = randomEvaluator(0, 12, { weightedF: true, keepCases: false });
    expect(slim.summary().rows).toEqual([]);
    expect(withoutRows(slim.summary())).toEqual(withoutRows(whole.summary()));
    expect(DatasetEvaluator.fromJSON(slim.toJSON()).summary().cases).toBe(12);
  });

  it('names the definition behind the numbers', () => {
    expect(whole.summary().definition).toMatchObject({
      package: '@infnet/metrics',
      protocol: 'standard',
      thresholdRule: 'exact',
      empty: 'nan',
      stretch: 'none',
    });
    expect(whole.summary().definition.thresholds).toHaveLength(256);
  });
});

describe('three ways to average', () => {
  const evaluator = randomEvaluator(0, 9);
  const { scores, caseScores, pooled, rows } = evaluator.summary();

  it('over cases: mean and standard deviation of the rows', () => {
    const values = rows.map((row) => row.scores.maxDice);
    const mean = values.reduce((sum, value) => sum + value) / 9;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    expect(distance([caseScores.maxDice.value, caseScores.maxDice.sd], [mean, sd])).toBeLessThan(1e-14);
    // A maximum of means is no mean of maxima; a mean of means is.
    expect(caseScores.maxDice.value).toBeGreaterThan(scores.maxDice.value);
    expect(caseScores.meanDice.value).toBeCloseTo(scores.meanDice.value, 13);
  });

  it('over pixels: the counts of one large map', () => {
    const maps = Array.from({ length: 9 }, (_, seed) => randomCase(seed, 24, 20));
    const whole = {
      prediction: Uint8Array.from(maps.flatMap(({ prediction }) => [...prediction])),
      groundTruth: Uint8Array.from(maps.flatMap(({ groundTruth }) => [...groundTruth])),
    };
    const one = evaluateMap(whole.prediction, whole.groundTruth, { width: 24, height: 180 });
    expect(pooled.truePositives).toEqual([...one.truePositives]);
    expect(pooled.predicted).toEqual([...one.predicted]);
    expect(pooled.atHalf).toEqual(one.countsAtHalf);
    expect(pooled.scoresAtHalf.dice).toBe(one.scores.diceAtHalf);
  });

  it('a report made elsewhere counts like a map measured here', () => {
    const other = new DatasetEvaluator(evaluator.options);
    for (let seed = 0; seed < 9; seed++) {
      const { prediction, groundTruth } = randomCase(seed, 24, 20);
      other.addReport(`case ${seed}`, evaluateMap(prediction, groundTruth, size));
    }
    expect(other.summary()).toEqual(evaluator.summary());
    const { prediction, groundTruth } = randomCase(10, 24, 20);
    const foreign = evaluateMap(prediction, groundTruth, { ...size, protocol: 'infnet' });
    expect(() => other.addReport('x', foreign)).toThrow(
      expect.objectContaining({ code: 'definition-mismatch' }),
    );
  });
});

describe('a hostile state', () => {
  const sound = JSON.stringify(randomEvaluator(0, 3, { thresholds: [0.9, 0.5, 0.1] }));
  /** Any value that JSON can hold where something else belongs. */
  const POISON: readonly unknown[] = [
    null,
    -1,
    1.5,
    1e308,
    '',
    'x',
    [],
    {},
    { number: 'NaN' },
    { toString: 1 },
    true,
    [[]],
  ];

  it('gives a typed error or an evaluator that works, never anything else', () => {
    const random = randomGenerator(41);
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const state: unknown = JSON.parse(sound);
      poison(state, POISON[round % POISON.length], random);
      try {
        const evaluator = DatasetEvaluator.fromJSON(state);
        const { prediction, groundTruth } = randomCase(50, 24, 20);
        evaluator.add('later', prediction, groundTruth, size);
        evaluator.summary();
      } catch (error) {
        if (!(error instanceof MetricsError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([
    ['counts that do not add up', sound.replace('"cases":3', '"cases":4')],
    ['a row too few', sound.replace('"keepCases":true', '"keepCases":false')],
    ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['no JSON', '{'],
    ['a function', { ...(JSON.parse(sound) as object), cases: () => 3 }],
  ])('%s', (_, state) => {
    expect(() => DatasetEvaluator.fromJSON(state)).toThrow(
      expect.objectContaining({ code: 'invalid-state' }),
    );
  });

  it('two rows of one id', () => {
    const twice = sound.replaceAll('"case 1"', '"case 0"');
    expect(() => DatasetEvaluator.fromJSON(twice)).toThrow(expect.objectContaining({ code: 'duplicate-id' }));
  });
});

/** Replaces one randomly chosen value somewhere in plain data. */
function poison(node: unknown, value: unknown, random: () => number): void {
  const entries = Object.entries(node as object);
  const [key, child] = entries[Math.floor(random() * entries.length)]!;
  const isBranch = typeof child === 'object' && child !== null && Object.keys(child).length > 0;
  if (isBranch && random() < 0.8) poison(child, value, random);
  else (node as Record<string, unknown>)[key] = value;
}

describe('refusals', () => {
  it.each([
    ['duplicate-id', () => randomEvaluator(0, 1).add('case 0', empty, empty, size)],
    ['duplicate-id', () => randomEvaluator(0, 2).merge(randomEvaluator(1, 2))],
    ['definition-mismatch', () => randomEvaluator(0, 1).merge(randomEvaluator(1, 2, { protocol: 'infnet' }))],
    [
      'definition-mismatch',
      () =>
        DatasetEvaluator.fromJSON(
          JSON.stringify(randomEvaluator(0, 1)).replace(/"version":"[^"]*"/, '"version":"0.0.1"'),
        ),
    ],
    ['invalid-state', () => DatasetEvaluator.fromJSON('{')],
    ['invalid-state', () => DatasetEvaluator.fromJSON({ format: 'other' })],
    ['invalid-state', () => DatasetEvaluator.fromJSON({ ...randomEvaluator(0, 1).toJSON(), curves: {} })],
  ])('%s', (code, act) => {
    expect(act).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/\w{3}/) }));
    expect(act).toThrow(MetricsError);
  });

  it('a case that throws is not counted', () => {
    const evaluator = randomEvaluator(0, 2);
    expect(() => evaluator.add('short', empty.subarray(1), empty, size)).toThrow(MetricsError);
    expect(evaluator.size).toBe(2);
    expect(() => evaluator.add('short', empty, empty, size)).not.toThrow();
  });

  it('a refused merge adds nothing', () => {
    const evaluator = randomEvaluator(0, 2);
    const before = evaluator.summary();
    expect(() => evaluator.merge(randomEvaluator(1, 3))).toThrow(MetricsError);
    expect(evaluator.summary()).toEqual(before);
  });
});
