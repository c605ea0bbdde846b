import { stat } from 'node:fs/promises';
import { CliError, type Failure } from '../errors.js';
import { listImages } from '../inputs/list-images.js';
import { stemOf } from '../inputs/stem.js';

/** A prediction map and its ground truth. */
export interface Pair {
  readonly id: string;
  readonly prediction: string;
  readonly groundTruth: string;
}

/** Something wrong with one case, with the file concerned. */
export interface CaseFailure extends Failure {
  readonly input: string;
}

/** What pairing two folders gives. */
export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly failures: readonly CaseFailure[];
}

/**
 * Image files of a folder by stem.
 *
 * @throws CliError `not-a-folder`, `no-images`
 */
export async function filesByStem(folder: string): Promise<Map<string, string[]>> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    const what = found ? 'it is a file, not a folder' : 'no such folder';
    throw new CliError('not-a-folder', `${folder}: ${what}`, 'name the folder that holds the images');
  }
  const files = await listImages(folder);
  if (files.length === 0) {
    throw new CliError(
      'no-images',
      `${folder}: no PNG or JPEG in it`,
      'name the folder that holds the images themselves',
    );
  }
  const byStem = new Map<string, string[]>();
  for (const file of files) byStem.set(stemOf(file), [...(byStem.get(stemOf(file)) ?? []), file]);
  return byStem;
}

/** Pairs predictions with ground truth by stem; what has no partner, or two, is named. */
export function pairFiles(
  predictions: ReadonlyMap<string, readonly string[]>,
  groundTruths: ReadonlyMap<string, readonly string[]>,
): Pairing {
  const pairs: Pair[] = [];
  const failures: CaseFailure[] = [];
  for (const [id, truths] of groundTruths) {
    const [groundTruth, prediction] = [truths[0]!, predictions.get(id)?.[0]];
    if (prediction === undefined) {
      failures.push({
        input: groundTruth,
        code: 'missing-prediction',
        message: `${groundTruth}: no prediction called ${id}`,
        hint: 'predict this image too, or take its mask out of the ground truth; the scores leave it out',
      });
    } else if (truths.length > 1 || predictions.get(id)!.length > 1) {
      const several = truths.length > 1 ? truths : predictions.get(id)!;
      failures.push({
        input: several[0]!,
        code: 'ambiguous-name',
        message: `${several.join(' and ')} have the same name without ending`,
        hint: 'keep one of them in the folder',
      });
    } else {
      pairs.push({ id, prediction, groundTruth });
    }
  }
  for (const [id, files] of predictions) {
    if (groundTruths.has(id)) continue;
    failures.push({
      input: files[0]!,
      code: 'missing-ground-truth',
      message: `${files[0]}: no ground truth called ${id}`,
      hint: 'add its mask to the ground truth, or take the prediction out; the scores leave it out',
    });
  }
  return { pairs, failures };
}
