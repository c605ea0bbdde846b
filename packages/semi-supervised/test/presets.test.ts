import { describe, expect, it } from 'vitest';
import { PRESETS, resolveRecipe, type PresetName, type Recipe } from '../src/index.js';

describe('presets', () => {
  it('bear their own names and pass their own checks', () => {
    for (const name of Object.keys(PRESETS) as PresetName[]) {
      expect(resolveRecipe(name)).toEqual(PRESETS[name].recipe);
      expect(PRESETS[name].recipe.preset).toBe(name);
      expect(JSON.parse(JSON.stringify(PRESETS[name].recipe))).toEqual(PRESETS[name].recipe);
    }
  });

  it('lower the rate for pre-trained weights, and give way to what is asked for', () => {
    expect(resolveRecipe('default').learningRate).toBe(1e-2);
    expect(resolveRecipe('default', {}, { pretrained: true }).learningRate).toBe(1e-4);
    expect(resolveRecipe('default', { learningRate: 0.3 }, { pretrained: true }).learningRate).toBe(0.3);
  });

  it('keep the micro-batch within the batch', () => {
    expect(resolveRecipe('reference', { batchSize: 2 }).microBatchSize).toBe(2);
    expect(resolveRecipe('reference', { microBatchSize: 1 })).toMatchObject({
      batchSize: 24,
      microBatchSize: 1,
    });
  });

  it.each<Partial<Recipe>>([
    { size: 100 },
    { batchSize: 0 },
    { epochs: 1.5 },
    { learningRate: NaN },
    { clip: -1 },
    { averageDecay: 1 },
    { scales: [] },
  ])('refuse %o by name', (overrides) => {
    const [name] = Object.keys(overrides);
    expect(() => resolveRecipe('default', overrides)).toThrow(name);
  });

  it('are refused when unknown, with the known ones', () => {
    expect(() => resolveRecipe('fast' as PresetName)).toThrow(/no preset "fast"/);
  });
});
