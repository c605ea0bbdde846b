import { normaliseSlices, type PriorOrigin } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import type { GreyImage, SliceIO } from '../data/sample.js';
import type { TrainableModel } from '../model.js';

/** Predicts the infection map of a slice: 0 … 255, of the whole slice, at any size. */
export type InfectionPredictor = (image: GreyImage) => Promise<GreyImage>;

/**
 * Where the infection maps come from that guide the network:
 *
 * - `model`: an Inf-Net or Semi-Inf-Net predicts them, in training as later in use. The paper's way.
 * - `given`: each sample brings its own; in a folder they lie in `Prior`.
 * - `true-masks`: the union of the true classes. The released code trains like this, and meets its first wrong map in
 *   the test.
 * - `none`: for a network that takes none.
 */
export type ClassPrior =
  | {
      readonly kind: 'model';
      readonly predict: InfectionPredictor;
      /** Of the model's file; kept with the trained network. */
      readonly name: string;
      readonly sha256: string;
    }
  | { readonly kind: 'given'; /** Default: `Prior` in the data folder. */ readonly folder?: string }
  | { readonly kind: 'true-masks' }
  | { readonly kind: 'none' };

/** What is kept of it. */
export function originOf(prior: ClassPrior): PriorOrigin | null {
  switch (prior.kind) {
    case 'model':
      return { kind: 'model', name: prior.name, sha256: prior.sha256 };
    case 'given':
      return { kind: 'folder' };
    case 'true-masks':
      return { kind: 'true-masks' };
    case 'none':
      return null;
  }
}

/** The infected region of a label map: 255 wherever there is any class. */
export function trueMask({ width, height, data }: GreyImage): GreyImage {
  return { width, height, data: data.map((label) => (label > 0 ? 255 : 0)) };
}

/**
 * Infection maps of an Inf-Net: the sigmoid of S_3 as it is, not stretched. `size` is the side length in pixels that the
 * network sees, and the maps have; `resize` is bilinear and antialiased.
 */
export function infectionPredictor(
  model: Pick<TrainableModel, 'forward'>,
  { size, resize }: { readonly size: number } & Pick<SliceIO, 'resize'>,
): InfectionPredictor {
  return async (image) => {
    const slice = resize(image, size, size).data;
    const probability = tf.tidy(() => {
      const images = normaliseSlices([slice], size, size); // [1,H,W,3]
      return model.forward(images, { training: false }).s3.sigmoid(); // [1,H,W,1]
    });
    const map = await probability.data<'float32'>();
    probability.dispose();
    return { width: size, height: size, data: Uint8Array.from(map, (p) => Math.round(255 * p)) };
  };
}
