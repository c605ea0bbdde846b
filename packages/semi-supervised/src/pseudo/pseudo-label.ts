import * as tf from '@tensorflow/tfjs';
import { normaliseSlices } from '@infnet/core-model';
import type { GreyImage, SliceIO } from '../data/sample.js';
import type { TrainableModel } from '../model.js';

/** How a predicted map becomes a pseudo label. */
export interface PseudoLabelStyle {
  /** `soft` (default, both the paper's maps and the released code's): 0 … 255 as predicted. `binary`: 0 or 255. */
  readonly labels?: 'soft' | 'binary';
  /**
   * `min-max` (default, the released code; the paper is silent): every map is stretched to 0 … 1, so that it reaches 255
   * somewhere, a healthy slice's too. `none`: probabilities as they are.
   */
  readonly stretch?: 'min-max' | 'none';
  /**
   * How much the pixels of a pseudo label count in training. `uniform` (default, the paper and the released code): all alike.
   * `certainty`: each by the margin |2p − 1| of its predicted probability p, and by 0 where stretching brought its label to the
   * other side of ½.
   */
  readonly pseudoWeights?: 'uniform' | 'certainty';
}

/** With the defaults filled in. */
export function resolveStyle({
  labels = 'soft',
  stretch = 'min-max',
  pseudoWeights = 'uniform',
}: PseudoLabelStyle): Required<PseudoLabelStyle> {
  return { labels, stretch, pseudoWeights };
}

/** A pseudo label at its image's own size: a map and the edges of its infected part. */
export interface PseudoLabel {
  readonly mask: GreyImage;
  readonly edge: GreyImage;
  /** How far each pixel is to be doubted: 0 not at all … 255 altogether. Absent with uniform weights. */
  readonly uncertainty?: GreyImage;
}

/** Foreground of a map is above this, of 255, where edges are looked for (released code) and in binary labels. */
const CUT = 128;

/**
 * What the network makes of a slice without label: S_3 predicted at `size`, brought back to the slice's own size, 8 bit.
 *
 * @param image grey, at its own size
 * @param options.size side length in pixels that the network sees
 */
export async function pseudoLabel(
  model: Pick<TrainableModel, 'forward'>,
  image: GreyImage,
  options: PseudoLabelStyle & { readonly size: number; readonly io: SliceIO },
): Promise<PseudoLabel> {
  const { size, io } = options;
  const { labels, stretch, pseudoWeights } = resolveStyle(options);
  const { width, height } = image;
  const map = await predict(model, io.resize(image, size, size).data, size);
  const label = stretch === 'min-max' ? minMax(map) : map;
  const toOwnSize = (values: Float32Array): GreyImage =>
    io.resize({ width: size, height: size, data: toBytes(values) }, width, height);
  const own = toOwnSize(label);
  const binary = { width, height, data: own.data.map((value) => (value > CUT ? 255 : 0)) };
  return {
    mask: labels === 'soft' ? own : binary,
    edge: io.edge(binary),
    ...(pseudoWeights === 'certainty' && { uncertainty: toOwnSize(doubts(map, label)) }),
  };
}

async function predict(
  model: Pick<TrainableModel, 'forward'>,
  slice: Uint8Array,
  size: number,
): Promise<Float32Array> {
  const probability = tf.tidy(() => {
    const images = normaliseSlices([slice], size, size); // [1,H,W,3]
    return model.forward(images, { training: false }).s3.sigmoid(); // [1,H,W,1]
  });
  const map = await probability.data<'float32'>();
  probability.dispose();
  return map;
}

/** 1 − |2p − 1| where label and probability are on one side of ½, 1 elsewhere. */
function doubts(map: Float32Array, label: Float32Array): Float32Array {
  return map.map((p, i) => (p >= 0.5 === (label[i] as number) >= 0.5 ? 1 - Math.abs(2 * p - 1) : 1));
}

/** Stretches to 0 … 1; a constant map stays as it is. */
function minMax(map: Float32Array): Float32Array {
  let low = Infinity;
  let high = -Infinity;
  for (const p of map) {
    if (p < low) low = p;
    if (p > high) high = p;
  }
  return high > low ? map.map((p) => (p - low) / (high - low)) : map;
}

function toBytes(map: Float32Array): Uint8Array {
  return Uint8Array.from(map, (p) => Math.floor(255 * p + 0.5));
}
