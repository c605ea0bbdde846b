import { describe, expect, it } from 'vitest';
import { AUGMENTATIONS, drawVariation, Random, varySlice, type Variation } from '../../src/index.js';
import { discs } from '../tiny.js';

const still: Variation = drawVariation('none', Random.of(0));

describe('drawVariation', () => {
  it.each(['full', 'strong'] as const)(
    '%s stays in its ranges and fills them, the same for the same stream',
    (mode) => {
      const drawn = Array.from({ length: 500 }, (_, i) => drawVariation(mode, Random.of(i)));
      expect(drawVariation(mode, Random.of(3))).toEqual(drawn[3]);
      const { rotation, scale, shift, contrast, brightness, gamma, noise } = AUGMENTATIONS[mode];
      const spans: [(v: Variation) => number, number][] = [
        [(v) => v.rotation, (rotation * Math.PI) / 180],
        [(v) => Math.log(v.scale), Math.log(scale)],
        [(v) => v.shiftX, shift],
        [(v) => v.shiftY, shift],
        [(v) => Math.log(v.contrast), Math.log(contrast)],
        [(v) => v.brightness, brightness],
        [(v) => Math.log(v.gamma), Math.log(gamma)],
      ];
      for (const [of, range] of spans) {
        const values = drawn.map(of);
        expect(Math.max(...values)).toBeLessThanOrEqual(range);
        expect(Math.max(...values)).toBeGreaterThan(0.95 * range);
        expect(Math.min(...values)).toBeLessThan(-0.95 * range);
      }
      const flips = drawn.filter((variation) => variation.flip).length;
      expect(Math.abs(flips - 250)).toBeLessThan(50);
      const loudest = Math.max(...drawn.map((variation) => variation.noise));
      expect(loudest).toBeLessThanOrEqual(noise);
      expect(loudest).toBeGreaterThanOrEqual(0.95 * noise);
    },
  );

  it('draws one geometry from one stream, whatever else a set varies', () => {
    for (let i = 0; i < 20; i++) {
      const [weak, full, strong] = (['weak', 'full', 'strong'] as const).map((mode) =>
        drawVariation(mode, Random.of(i)),
      ) as [Variation, Variation, Variation];
      const place = ({ flip, rotation, scale, shiftX, shiftY }: Variation) => [
        flip,
        rotation,
        scale,
        shiftX,
        shiftY,
      ];
      expect(place(full)).toEqual(place(weak));
      expect(place(strong)).toEqual(place(weak));
      const grey = ({ contrast, brightness, gamma, noise }: Variation) => [
        contrast,
        brightness + 0,
        gamma,
        noise,
      ];
      expect(grey(weak)).toEqual([1, 0, 1, 0]);
      expect(strong.contrast).toBeCloseTo(full.contrast ** 2, 10);
    }
  });

  it('mirrors only, in flip mode', () => {
    for (let i = 0; i < 20; i++) {
      expect({ ...drawVariation('flip', Random.of(i)), flip: false }).toEqual(still);
    }
  });
});

describe('varySlice', () => {
  const { image, mask } = discs(1)[0]!;
  const size = 64;

  it('leaves a slice alone that is not varied', () => {
    const varied = varySlice(image.data, mask.data, size, still);
    expect(varied.image).toEqual(Float32Array.from(image.data));
    expect(varied.mask).toEqual(Float32Array.from(mask.data, (value) => value / 255));
  });

  it('mirrors, and twice is not at all', () => {
    const once = varySlice(image.data, mask.data, size, { ...still, flip: true });
    expect(once.image).not.toEqual(Float32Array.from(image.data));
    const bytes = Uint8Array.from(once.image);
    const twice = varySlice(bytes, mask.data, size, { ...still, flip: true });
    expect(twice.image).toEqual(Float32Array.from(image.data));
  });

  it('keeps image and mask aligned under every geometry', () => {
    // A picture that is its own mask has to stay so.
    for (let i = 0; i < 20; i++) {
      const variation = { ...drawVariation('full', Random.of(i)), contrast: 1, brightness: 0, gamma: 1 };
      const varied = varySlice(mask.data, mask.data, size, variation);
      const apart = varied.image.map((grey, pixel) => Math.abs(grey / 255 - (varied.mask[pixel] as number)));
      expect(Math.max(...apart)).toBeLessThan(1e-6);
      expect(varied.mask.some((value) => value > 0.5)).toBe(true);
    }
  });

  it('moves, turns and enlarges the way it says', () => {
    const dot = new Uint8Array(65 * 65);
    dot[32 * 65 + 42] = 255; // ten to the right of the centre
    const place = (variation: Partial<Variation>): number[] => {
      const varied = varySlice(dot, dot, 65, { ...still, ...variation }).mask;
      const brightest = varied.indexOf(Math.max(...varied));
      return [brightest % 65, Math.floor(brightest / 65)];
    };
    expect(place({ shiftX: 5 / 65, shiftY: -3 / 65 })).toEqual([47, 29]);
    expect(place({ rotation: Math.PI / 2 })).toEqual([32, 22]); // counter-clockwise: up
    expect(place({ scale: 2 })).toEqual([52, 32]);
    expect(place({ flip: true, shiftX: 1 / 65 })).toEqual([23, 32]);
  });

  it('fills what comes from outside with air', () => {
    const white = new Uint8Array(size * size).fill(255);
    const varied = varySlice(white, white, size, { ...still, shiftX: 0.25 });
    expect(varied.image.subarray(0, 15)).toEqual(new Float32Array(15));
    expect(varied.image[17]).toBe(255);
    expect(varied.mask[3]).toBe(0);
  });

  it('changes grey values as stated: contrast about the mean, brightness, gamma', () => {
    const two = Uint8Array.from([51, 153, 51, 153]); // 0.2 and 0.6, mean 0.4
    const grey = varySlice(two, two, 2, { ...still, contrast: 1.5, brightness: 0.1, gamma: 2 }).image;
    expect((grey[0] as number) / 255).toBeCloseTo(0.2 ** 2, 6);
    expect((grey[1] as number) / 255).toBeCloseTo(0.8 ** 2, 6);
  });

  it('adds the noise that it says, the same for the same seed', () => {
    const flat = new Uint8Array(128 * 128).fill(128);
    const noisy = (noiseSeed: number): Float32Array =>
      varySlice(flat, flat, 128, { ...still, noise: 0.1, noiseSeed }).image;
    const values = noisy(7);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean - 128)).toBeLessThan(1);
    expect(Math.abs(spread - 25.5)).toBeLessThan(0.5);
    expect(noisy(7)).toEqual(values);
    expect(noisy(8)).not.toEqual(values);
  });

  it('takes less than 10 ms for 256 × 256', () => {
    const picture = new Uint8Array(256 * 256).fill(100);
    const variation = drawVariation('full', Random.of('time'));
    for (let i = 0; i < 5; i++) varySlice(picture, picture, 256, variation);
    const times = Array.from({ length: 9 }, () => {
      const begin = performance.now();
      varySlice(picture, picture, 256, variation);
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(10);
  });
});
