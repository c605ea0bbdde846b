import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { concatChannels } from '../../src/ops/index.js';

it('one image alone is joined without a copy', () => {
  const image = tf.ones<tf.Rank.R4>([1, 2, 2, 3]);
  expect(concatChannels([image])).toBe(image);
  image.dispose();
});
