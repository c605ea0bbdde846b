import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudoLabel, type GreyImage } from '../../src/index.js';
import { io } from '../pgm-io.js';
import { PixelModel } from '../pixel-model.js';

/** Rows of rising grey, 32 × 64. */
const ramp: GreyImage = {
  width: 32,
  height: 64,
  data: Uint8Array.from({ length: 32 * 64 }, (_, i) => 4 * Math.floor(i / 32)),
};
const probability = (grey: number): number => 1 / (1 + Math.exp(-0.5 * ((grey / 255 - 0.485) / 0.229)));

let model: PixelModel;
beforeAll(async () => {
  expect(await tf.setBackend('wasm')).toBe(true);
  model = new PixelModel();
});
afterAll(() => model.dispose());

describe('pseudoLabel', () => {
  it('stretches a map to 0 … 255 at the size of its image, as the released code does', async () => {
    const { mask } = await pseudoLabel(model, ramp, { size: 64, io });
    const [low, high] = [probability(0), probability(4 * 63)];
    const expected = ramp.data.map((grey) =>
      Math.floor((255 * (probability(grey) - low)) / (high - low) + 0.5),
    );
    expect([mask.width, mask.height, mask.data[0], mask.data.at(-1)]).toEqual([32, 64, 0, 255]);
    const difference = Math.max(...mask.data.map((value, i) => Math.abs(value - (expected[i] as number))));
    expect(difference).toBeLessThanOrEqual(1);
  });

  it('keeps probabilities where asked', async () => {
    const { mask } = await pseudoLabel(model, ramp, { size: 64, io, stretch: 'none' });
    expect(mask.data[0]).toBe(Math.floor(255 * probability(0) + 0.5));
    expect(mask.data.at(-1)).toBe(Math.floor(255 * probability(4 * 63) + 0.5));
  });

  it('cuts binary labels where edges are looked for: above 128', async () => {
    const { mask: soft, edge } = await pseudoLabel(model, ramp, { size: 64, io });
    const { mask: binary } = await pseudoLabel(model, ramp, { size: 64, io, labels: 'binary' });
    expect(binary.data).toEqual(soft.data.map((value) => (value > 128 ? 255 : 0)));
    expect(edge).toEqual(io.edge(binary));
  });

  it('weighs pixels by the margin of their probability, and not where stretching turned the label round', async () => {
    const hopeful = new PixelModel(0.5, 0.8);
    const sure = (grey: number): number => 1 / (1 + Math.exp(-0.5 * ((grey / 255 - 0.485) / 0.229) - 0.8));
    const options = { size: 64, io, pseudoWeights: 'certainty' } as const;
    const plain = await pseudoLabel(hopeful, ramp, { ...options, stretch: 'none' });
    const margin = (grey: number): number => Math.abs(2 * sure(grey) - 1);
    const expected = ramp.data.map((grey) => Math.floor(255 * (1 - margin(grey)) + 0.5));
    const off = plain.uncertainty!.data.map((value, i) => Math.abs(value - (expected[i] as number)));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);

    // Stretched, the middle of the map lies elsewhere: between the two middles label and probability disagree.
    const { mask, uncertainty } = await pseudoLabel(hopeful, ramp, options);
    const turned = ramp.data.map((grey, i) => Number(sure(grey) >= 0.5 !== (mask.data[i] as number) >= 128));
    expect(turned.filter((is) => is === 1).length).toBeGreaterThan(100);
    for (const [i, value] of uncertainty!.data.entries()) {
      if (turned[i] === 1) expect(value).toBe(255);
      else expect(value).toBe(plain.uncertainty!.data[i]);
    }
    expect((await pseudoLabel(hopeful, ramp, { size: 64, io })).uncertainty).toBeUndefined();
    hopeful.dispose();
  });

  it('leaves a constant map as it is', async () => {
    const flat = { ...ramp, data: new Uint8Array(32 * 64).fill(90) };
    const { mask } = await pseudoLabel(model, flat, { size: 32, io });
    expect(new Set(mask.data)).toEqual(new Set([Math.floor(255 * probability(90) + 0.5)]));
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await pseudoLabel(model, ramp, { size: 64, io });
    expect(tf.memory().numTensors).toBe(before);
  });
});
