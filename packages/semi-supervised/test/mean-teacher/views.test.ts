import { describe, expect, it } from 'vitest';
import { composeBatch, drawVariation, prepareDataset, Random, varySlice } from '../../src/index.js';
import { addViews, drawUnlabelled, partOfViews } from '../../src/mean-teacher/views.js';
import { discs, tinyRecipe } from '../tiny.js';

const recipe = tinyRecipe({ augment: 'full' });
const { samples } = prepareDataset(discs(6), { size: 64 });
const place = { seed: 3, epoch: 2, step: 5, scale: 1 };
const labelled = composeBatch(samples.slice(0, 2), recipe, place);
const batch = addViews(labelled, samples.slice(2), recipe, place);

describe('drawUnlabelled', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];

  it('takes every slice once before any comes again, in an order of the seed', () => {
    const drawn = drawUnlabelled(all, 0, 0, 15);
    for (const pass of [0, 1, 2]) expect(drawn.slice(5 * pass, 5 * pass + 5).toSorted()).toEqual(all);
    expect(drawn.slice(0, 5)).not.toEqual(drawn.slice(5, 10));
    expect(drawUnlabelled(all, 1, 0, 15)).not.toEqual(drawn);
  });

  it('gives a step the same slices wherever a run is taken up', () => {
    const drawn = drawUnlabelled(all, 0, 0, 15);
    for (let first = 0; first < 12; first++) {
      expect(drawUnlabelled(all, 0, first, 3)).toEqual(drawn.slice(first, first + 3));
    }
  });
});

describe('addViews', () => {
  it('shows one geometry twice, with other greys in the strong view', () => {
    for (const [index, { id, image, mask }] of samples.slice(2).entries()) {
      const variation = drawVariation('weak', Random.of(3, 'augment unlabelled', 5, id));
      const weak = batch.weak.subarray(index * 4096, (index + 1) * 4096);
      const strong = batch.strong.subarray(index * 4096, (index + 1) * 4096);
      expect(weak).toEqual(varySlice(image, mask, 64, variation).image);
      // Disc and background are 90 apart: where the weak view has the disc, the strong view is brighter on average.
      const mean = (view: Float32Array, inside: boolean): number => {
        const values = view.filter(
          (_, i) => (weak[i] as number) > 130 === inside && (weak[i] as number) > 50,
        );
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      };
      expect(mean(strong, true)).toBeGreaterThan(mean(strong, false) + 20);
      expect(strong).not.toEqual(weak);
    }
  });

  it('depends on seed, step and id alone, and scales both views', () => {
    const again = addViews(labelled, samples.slice(2), recipe, place);
    expect(again).toEqual(batch);
    expect(addViews(labelled, samples.slice(2), recipe, { ...place, step: 6 }).weak).not.toEqual(batch.weak);
    const large = { ...place, scale: 1.5 };
    const scaled = addViews(
      composeBatch(samples.slice(0, 2), recipe, large),
      samples.slice(2),
      recipe,
      large,
    );
    expect([scaled.size, scaled.weak.length, scaled.strong.length]).toEqual([96, 4 * 96 * 96, 4 * 96 * 96]);
  });

  it('names each labelled slice with its unlabelled ones, and is cut in such items', () => {
    expect(batch.ids).toEqual(['disc-0 with disc-2, disc-3', 'disc-1 with disc-4, disc-5']);
    const second = partOfViews(batch, 1, 2);
    expect(second.ids).toEqual(['disc-1 with disc-4, disc-5']);
    expect(second.labelled.ids).toEqual(['disc-1']);
    expect(second.weak).toEqual(batch.weak.slice(2 * 4096));
    expect(second.strong).toEqual(batch.strong.slice(2 * 4096));
  });
});
