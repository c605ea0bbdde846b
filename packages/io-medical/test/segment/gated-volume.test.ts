import { describe, expect, it } from 'vitest';
import { segmentVolume, type SlicePredictor } from '../../src/segment/segment-volume.js';
import { counting, volumeOf } from '../volumes.js';

const SIZE = 32;
const volume = volumeOf([8, 6, 3], counting(144));
const ANSWERS = [0.9, 0.2, 0.5];

/** Marks every pixel with 0.8; its gate, if any, gives the slices these answers. */
function predictor(answers?: readonly number[]): SlicePredictor {
  return {
    async *predictAll(slices) {
      for await (const slice of slices) {
        const data = new Float32Array(SIZE * SIZE).fill(0.8);
        const infected = answers?.[slice.index];
        const map = { width: SIZE, height: SIZE, data, ...(infected !== undefined && { infected }) };
        yield { slice, map };
      }
    },
  };
}

/** Slices, from the first, in which anything is marked. */
function marked(mask: Uint8Array): boolean[] {
  return [0, 1, 2].map((z) => mask.subarray(48 * z, 48 * (z + 1)).some(Boolean));
}

describe('a predictor with a gate', () => {
  it('empties the masks of slices below the threshold, and keeps probabilities', async () => {
    const shown: boolean[] = [];
    const { mask, probability, infected } = await segmentVolume(predictor(ANSWERS), volume, {
      size: SIZE,
      keepProbability: true,
      onSlice: (_, { data }) => shown.push(data.some(Boolean)),
    });
    expect(marked(mask)).toEqual([true, false, true]);
    expect(shown).toEqual([true, false, true]);
    expect(infected).toEqual(ANSWERS);
    expect(new Set(probability)).toEqual(new Set([Math.fround(0.8)]));
    const strict = await segmentVolume(predictor(ANSWERS), volume, { size: SIZE, gateThreshold: 0.6 });
    expect(marked(strict.mask)).toEqual([true, false, false]);
  });

  it('changes nothing where there is none', async () => {
    const given = await segmentVolume(predictor(), volume, { size: SIZE, gateThreshold: 1 });
    expect(marked(given.mask)).toEqual([true, true, true]);
    expect(given).not.toHaveProperty('infected');
  });
});
