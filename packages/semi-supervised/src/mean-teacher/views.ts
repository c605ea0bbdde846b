import { drawVariation } from '../augment/draw.js';
import { varySlice } from '../augment/vary.js';
import { resizeAlignCorners, scaledSize } from '../data/align-corners.js';
import { partOfBatch, type Batch } from '../data/batch.js';
import { Random, shuffled } from '../random.js';
import type { BatchPlace } from '../task.js';

/** A slice without label, resized once to `size` × `size`, row-major. */
export interface UnlabelledImage {
  readonly id: string;
  readonly size: number;
  readonly image: Uint8Array;
}

/** Labelled slices and, `ratio` for each of them, unlabelled ones in two views of one geometry. */
export interface TwoViewBatch {
  /** A labelled slice with its unlabelled ones: `1 with 7, 12`. */
  readonly ids: readonly string[];
  readonly size: number;
  readonly labelled: Batch;
  readonly ratio: number;
  /** 0 … 255, `size` × `size` each, one after the other; as the teacher sees them. */
  readonly weak: Float32Array;
  /** The same as the student sees them. */
  readonly strong: Float32Array;
}

/** The unlabelled slices of a step: a new seeded order for each time that all of them have been seen. */
export function drawUnlabelled<Slice>(
  all: readonly Slice[],
  seed: number,
  first: number,
  count: number,
): Slice[] {
  let pass = -1;
  let order: readonly Slice[] = [];
  return Array.from({ length: count }, (_, i) => {
    const place = first + i;
    if (Math.floor(place / all.length) !== pass) {
      pass = Math.floor(place / all.length);
      order = shuffled(all, Random.of(seed, 'unlabelled order', pass));
    }
    return order[place % all.length] as Slice;
  });
}

/** Adds to a labelled batch unlabelled slices, each in a weak and a strong view that lie on one another. */
export function addViews(
  labelled: Batch,
  unlabelled: readonly UnlabelledImage[],
  recipe: { readonly size: number },
  { seed, step, scale }: BatchPlace,
): TwoViewBatch {
  const ratio = unlabelled.length / labelled.ids.length;
  const size = scaledSize(recipe.size, scale);
  const pixels = size * size;
  const weak = new Float32Array(unlabelled.length * pixels);
  const strong = new Float32Array(unlabelled.length * pixels);
  for (const [index, { id, image, size: own }] of unlabelled.entries()) {
    for (const [mode, views] of [
      ['weak', weak],
      ['strong', strong],
    ] as const) {
      const variation = drawVariation(mode, Random.of(seed, 'augment unlabelled', step, id));
      const view = varySlice(image, new Uint8Array(image.length), own, variation).image;
      views.set(resizeAlignCorners(view, own, size), index * pixels);
    }
  }
  const companions = (item: number): string =>
    unlabelled
      .slice(item * ratio, (item + 1) * ratio)
      .map(({ id }) => id)
      .join(', ');
  const ids = labelled.ids.map((id, item) => `${id} with ${companions(item)}`);
  return { ids, size, labelled, ratio, weak, strong };
}

/** The items of a batch from `begin` up to, not including, `end`: labelled slices with their unlabelled ones. */
export function partOfViews(batch: TwoViewBatch, begin: number, end: number): TwoViewBatch {
  const each = batch.ratio * batch.size * batch.size;
  return {
    ...batch,
    ids: batch.ids.slice(begin, end),
    labelled: partOfBatch(batch.labelled, begin, end),
    weak: batch.weak.subarray(begin * each, end * each),
    strong: batch.strong.subarray(begin * each, end * each),
  };
}
