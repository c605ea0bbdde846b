import { crossEntropyLoss, diceLoss, sigmoidBceLoss } from '@infnet/losses';
import * as tf from '@tensorflow/tfjs';
import type { PassOptions, TrainableNetwork } from '../model.js';
import type { Objective } from '../objective/objective.js';
import { classBatchTensors, partOfClassBatch, type ClassBatch } from './batch.js';

/** A network of several classes; what `createModel` of `@infnet/core-model` makes, all but Inf-Net, fits. */
export interface ClassNetwork extends TrainableNetwork {
  /** 3, or 6 with an infection map behind the slice. */
  readonly inputChannels: number;
  /** Channels of the logits: the classes and the background. */
  readonly classes: number;
  /** @param images [B,H,W,inputChannels], normalised */
  forward(images: tf.Tensor4D, options: PassOptions): { readonly logits: tf.Tensor4D };
}

/**
 * What is minimised:
 *
 * - `cross-entropy-dice`: cross entropy of the softmax plus the mean Dice loss of the classes without the background.
 * - `cross-entropy`: that alone.
 * - `reference`: the released code: the mean binary cross entropy of three independent sigmoids, in which the
 *   background channel of a pixel learns the background of the *next* pixel (its one-hot index is off by one).
 */
export type ClassLoss = 'cross-entropy-dice' | 'cross-entropy' | 'reference';

/** The loss of a multi-class network as an objective. */
export function classObjective(loss: ClassLoss): Objective<ClassNetwork, ClassBatch> {
  return {
    description: { name: 'multi-class', loss },
    part: partOfClassBatch,
    prepare(batch, { model, sharedBatch }) {
      const { images, truth } = classBatchTensors(batch); // [B,H,W,3 or 6], [B,H,W,C]
      const target = loss === 'reference' ? shiftBackground(truth) : truth; // [B,H,W,C]
      return () => classLoss(model.forward(images, { training: true, sharedBatch }).logits, target, loss);
    },
  };
}

/**
 * @param logits [B,H,W,C], the background in the last channel
 * @param truth [B,H,W,C] in [0,1]
 */
export function classLoss(logits: tf.Tensor4D, truth: tf.Tensor4D, loss: ClassLoss): tf.Scalar {
  if (loss === 'reference') return sigmoidBceLoss(logits, truth);
  return tf.tidy(() => {
    const probabilities = tf.softmax(logits, 3); // [B,H,W,C]
    const entropy = crossEntropyLoss(probabilities, truth);
    if (loss === 'cross-entropy') return entropy;
    const classes = Array.from({ length: truth.shape[3] - 1 }, (_, channel) => channel);
    return entropy.add<tf.Scalar>(diceLoss(probabilities, truth, { classes }));
  });
}

/**
 * One-hot classes as the released code has them: it writes label l of pixel i to the flat index 3 i + l − 1, so that the
 * background of pixel i lands in the last channel of pixel i − 1, that of an image's first pixel in its very last.
 *
 * @param truth [B,H,W,C], the background in the last channel
 */
export function shiftBackground(truth: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = truth.shape;
  const pixels = height * width;
  return tf.tidy(() => {
    const flat = truth.reshape<tf.Tensor3D>([batch, pixels, channels]); // [B,HW,C]
    const classes = flat.slice([0, 0, 0], [-1, -1, channels - 1]); // [B,HW,C-1]
    const background = flat.slice([0, 0, channels - 1], [-1, -1, 1]); // [B,HW,1]
    const next = tf.concat(
      [background.slice([0, 1, 0], [-1, -1, -1]), background.slice([0, 0, 0], [-1, 1, -1])],
      1,
    );
    return tf.concat([classes, next], 2).reshape<tf.Tensor4D>([batch, height, width, channels]);
  });
}
