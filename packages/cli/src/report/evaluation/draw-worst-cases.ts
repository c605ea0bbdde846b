import { encodePng, readImage, toSlices } from '@infnet/io-medical';
import { worstCases, type CaseRow } from '@infnet/metrics';
import { sliceName } from '../../evaluate/case-scorer.js';
import type { Comparison } from '../../evaluate/comparison.js';
import type { Pair } from '../../evaluate/pairs.js';
import type { ReadMap } from '../../evaluate/read-map.js';
import { classMask, readLabelPair, readPair, type SystemResult } from '../../evaluate/score-system.js';
import { contourPath } from './contour-path.js';
import type { WorstPicture } from './worst-picture.js';

/** What the pictures are made from. */
export interface DrawOptions {
  /** How many cases. */
  readonly limit: number;
  /** The images themselves, by the name of their case. */
  readonly images: ReadonlyMap<string, readonly string[]> | undefined;
  readonly signal: AbortSignal;
}

/** Pictures of the cases that the systems together do worst on. Files are read again: no map is kept while scoring. */
export async function drawWorstCases(
  comparison: Comparison,
  results: readonly SystemResult[],
  { limit, images, signal }: DrawOptions,
): Promise<WorstPicture[]> {
  const pictures: WorstPicture[] = [];
  for (const worst of worstTogether(comparison, limit)) {
    signal.throwIfAborted();
    const picture = await drawCase(worst, comparison, results, images);
    if (picture) pictures.push(picture);
  }
  return pictures;
}

/** Worst first by the mean of the systems' Dice at 0.5. */
function worstTogether({ systems }: Comparison, limit: number): CaseRow[] {
  const values = new Map<string, number[]>();
  for (const { summary } of systems) {
    for (const { id, scores } of summary.rows) {
      if (!Number.isNaN(scores.diceAtHalf)) values.set(id, [...(values.get(id) ?? []), scores.diceAtHalf]);
    }
  }
  const rows = new Map(systems.flatMap(({ summary }) => summary.rows).map((row) => [row.id, row]));
  // Without infection there is no contour to compare with; Dice says 0 there only by the policy.
  const together = [...values].flatMap(([id, list]) => {
    const row = rows.get(id)!;
    const diceAtHalf = list.reduce((sum, value) => sum + value, 0) / list.length;
    return row.foreground === 0 ? [] : [{ ...row, scores: { ...row.scores, diceAtHalf } }];
  });
  return worstCases({ rows: together }, { limit });
}

async function drawCase(
  worst: CaseRow,
  { label, systems }: Comparison,
  results: readonly SystemResult[],
  images: DrawOptions['images'],
): Promise<WorstPicture | undefined> {
  let common: Omit<WorstPicture, 'systems'> | undefined;
  const drawn: WorstPicture['systems'][number][] = [];
  for (const [index, { name, summary }] of systems.entries()) {
    const row = summary.rows.find(({ id }) => id === worst.id);
    const found = row && findSlice(results.find((result) => result.name === name)!.pairs, worst.id);
    if (!found) continue;
    const { pair, z } = found;
    const { prediction, truth } = label ? await readLabelPair(pair) : await readPair(pair);
    const [map, mask] = label
      ? [classMask(prediction, label), classMask(truth, label)].map((one) => sliceOf(one, z))
      : [prediction, truth].map((one) => sliceOf(one, z));
    const { width, height } = truth;
    common ??= {
      id: worst.id,
      width,
      height,
      pixelAspect: truth.spacing ? truth.spacing[0] / truth.spacing[1] : 1,
      share: worst.foreground / (width * height),
      image: await imageOf(images?.get(pair.id)?.[0], z, width, height),
      truth: contourPath(toBytes(mask!), width, height, 127.5),
    };
    drawn.push({
      index,
      contour: contourPath(toBytes(map!), width, height, 127.5),
      map: common.image === undefined ? png(width, height, toBytes(map!)) : undefined,
      diceAtHalf: row.scores.diceAtHalf,
      meanDice: row.scores.meanDice,
    });
  }
  return common && { ...common, systems: drawn };
}

/** The pair and the slice behind a row of the table. */
function findSlice(pairs: readonly Pair[], name: string): { pair: Pair; z: number } | undefined {
  const whole = pairs.find(({ id }) => id === name);
  if (whole) return { pair: whole, z: 0 };
  const z = Number(/ #(\d+)$/.exec(name)?.[1]);
  const pair = pairs.find(({ id }) => sliceName(id, z, 2) === name);
  return pair && { pair, z };
}

function sliceOf(map: ReadMap, z: number): ReadMap {
  const area = map.width * map.height;
  return { ...map, depth: 1, data: map.data.subarray(z * area, (z + 1) * area) };
}

/** 0..255, whatever the map or the mask came in. */
function toBytes({ data }: ReadMap): Uint8Array {
  if (data instanceof Uint16Array) return Uint8Array.from(data, (value) => value / 257);
  const isShares = !(data instanceof Uint8Array) || data.every((value) => value <= 1);
  return isShares ? Uint8Array.from(data, (value) => Math.round(255 * value)) : data;
}

/** The slice that was segmented; undefined where there is none, or none of this size. */
async function imageOf(
  path: string | undefined,
  z: number,
  width: number,
  height: number,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  for (const slice of toSlices(await readImage(path))) {
    if (slice.index < z) continue;
    return slice.width === width && slice.height === height ? png(width, height, slice.data) : undefined;
  }
  return undefined;
}

function png(width: number, height: number, data: Uint8Array): string {
  return Buffer.from(encodePng({ width, height, data })).toString('base64');
}
