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
}

/** With the defaults filled in. */
export function resolveStyle({
  labels = 'soft',
  stretch = 'min-max',
}: PseudoLabelStyle): Required<PseudoLabelStyle> {
  return { labels, stretch };
}

/** A pseudo label at its image's own size: a map and the edges of its infected part. */
export interface PseudoLabel {
  readonly mask: GreyImage;
  readonly edge: GreyImage;
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
  const { labels, stretch } = resolveStyle(options);
  const { width, height } = image;
  const map = await predict(model, io.resize(image, size, size).data, size);
  const bytes = toBytes(stretch === 'min-max' ? minMax(map) : map);
  const own = io.resize({ width: size, height: size, data: bytes }, width, height);
  const binary = { width, height, data: own.data.map((value) => (value > CUT ? 255 : 0)) };
  return { mask: labels === 'soft' ? own : binary, edge: io.edge(binary) };
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
