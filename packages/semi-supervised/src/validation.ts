import * as tf from '@tensorflow/tfjs';
import { batchTensors, plainBatch } from './data/batch.js';
import type { PreparedSample } from './data/sample.js';
import type { TrainableModel } from './model.js';
import type { ClassScores } from './multi-class/validate-classes.js';

/** Mean scores over the validation slices with infection, at training size; for choosing, not for publishing. */
export interface ValidationScores {
  /**
   * Dice of the min-max stretched map averaged over the 256 thresholds k/255: the authors' "mean Dice", up to their
   * resizing to the slice's own size.
   */
  readonly meanDice: number;
  /** Dice of probability ≥ 0.5. */
  readonly dice: number;
  /** `2 Σ p g / (Σ p + Σ g)` on probabilities. */
  readonly softDice: number;
  /** Slices with infection: what the means are over. With none, the Dice values are NaN. */
  readonly slices: number;
  /** Share of pixels called infected in slices without infection; null where there is no such slice. */
  readonly falseArea: number | null;
  /** Class by class, where a task has several. */
  readonly classes?: readonly ClassScores[];
}

/**
 * Predicts every slice in evaluation mode and scores S_3 against the mask (foreground from 128 on).
 *
 * @param options.batchSize slices in one forward pass
 */
export async function validate(
  model: Pick<TrainableModel, 'forward'>,
  samples: readonly PreparedSample[],
  options: { readonly batchSize: number; readonly signal?: AbortSignal | undefined },
): Promise<ValidationScores> {
  const infected: Overlap[] = [];
  const falseAreas: number[] = [];
  for (let begin = 0; begin < samples.length; begin += options.batchSize) {
    options.signal?.throwIfAborted();
    const part = samples.slice(begin, begin + options.batchSize);
    const maps = await predictSamples(model, part);
    for (const [index, sample] of part.entries()) {
      const pixels = sample.size * sample.size;
      const map = maps.subarray(index * pixels, (index + 1) * pixels);
      if (sample.mask.some((value) => value >= 128)) infected.push(overlap(map, sample.mask));
      else falseAreas.push(map.reduce((count, p) => count + (p >= 0.5 ? 1 : 0), 0) / pixels);
    }
  }
  return {
    meanDice: mean(infected.map((scores) => scores.meanDice)),
    dice: mean(infected.map((scores) => scores.dice)),
    softDice: mean(infected.map((scores) => scores.softDice)),
    slices: infected.length,
    falseArea: falseAreas.length > 0 ? mean(falseAreas) : null,
  };
}

/** Probabilities of infection, slice after slice, each row by row. One forward pass. */
export async function predictSamples(
  model: Pick<TrainableModel, 'forward'>,
  samples: readonly PreparedSample[],
): Promise<Float32Array> {
  const size = samples[0]?.size as number;
  const probability = tf.tidy(() => {
    const { images } = batchTensors(plainBatch(samples, size)); // [B,H,W,3]
    return model.forward(images, { training: false }).s3.sigmoid(); // [B,H,W,1]
  });
  const maps = await probability.data<'float32'>();
  probability.dispose();
  return maps;
}

/** Scores of one slice. */
export interface Overlap {
  readonly meanDice: number;
  readonly dice: number;
  readonly softDice: number;
}

/**
 * @param map probabilities, 0 … 1
 * @param mask bytes; foreground from 128 on, at least one pixel of it
 */
export function overlap(map: Float32Array, mask: Uint8Array): Overlap {
  let low = Infinity;
  let high = -Infinity;
  for (const p of map) {
    if (p < low) low = p;
    if (p > high) high = p;
  }
  const span = high - low;
  const all = new Float64Array(256); // pixels whose stretched value reaches threshold k/255 but not (k+1)/255
  const hits = new Float64Array(256); // those of them in the mask
  let truth = 0;
  let sum = 0;
  let product = 0;
  let marked = 0;
  let agreed = 0;
  for (const [i, p] of map.entries()) {
    const inside = (mask[i] as number) >= 128 ? 1 : 0;
    const bin = Math.floor(255 * (span > 0 ? (p - low) / span : p));
    all[bin] = (all[bin] as number) + 1;
    hits[bin] = (hits[bin] as number) + inside;
    const over = p >= 0.5 ? 1 : 0;
    truth += inside;
    sum += p;
    product += p * inside;
    marked += over;
    agreed += over * inside;
  }
  let area = 0;
  let common = 0;
  let total = 0;
  for (let k = 255; k >= 0; k--) {
    area += all[k] as number;
    common += hits[k] as number;
    total += (2 * common) / (area + truth);
  }
  return {
    meanDice: total / 256,
    dice: (2 * agreed) / (marked + truth),
    softDice: (2 * product) / (sum + truth),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
