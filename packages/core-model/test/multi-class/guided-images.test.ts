import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { guidedImages, normaliseSlices, ShapeError } from '../../src/index.js';
import { onEachBackend } from '../backends.js';
import { maxDifference } from '../values.js';

onEachBackend(() => {
  it('puts the map behind the slice, normalised as a grey picture of it would be', async () => {
    const slices = [Uint8Array.from({ length: 12 }, (_, i) => 20 * i)];
    const maps = [Uint8Array.from({ length: 12 }, (_, i) => 255 - 20 * i)];
    const infection = tf.div(tf.tensor4d([...maps[0]!], [1, 3, 4, 1]), 255) as tf.Tensor4D;
    const images = normaliseSlices(slices, 3, 4);
    const guided = guidedImages(images, infection);
    expect(guided.shape).toEqual([1, 3, 4, 6]);
    const [slice, map] = tf.split(guided, 2, 3);
    expect(maxDifference(await slice!.data(), await images.data())).toBe(0);
    const alike = await normaliseSlices(maps, 3, 4).data();
    expect(maxDifference(await map!.data(), alike)).toBeLessThan(1e-6);
    expect(() => guidedImages(images, images)).toThrow(ShapeError);
  });
});
