import { channelOf, mostProbable, type ClassActivation } from '@infnet/core-model';
import * as tf from '@tensorflow/tfjs';
import { overlap, type ValidationScores } from '../validation.js';
import { classBatchTensors, composeClassBatch } from './batch.js';
import type { ClassNetwork } from './class-objective.js';
import type { PreparedClassSample } from './sample.js';

/** Scores of one class over the validation slices that have it. */
export interface ClassScores {
  readonly name: string;
  /** As in {@link ValidationScores}, of the class's probability map. */
  readonly meanDice: number;
  /** Dice of the label map: the most probable class of each pixel. */
  readonly dice: number;
  readonly softDice: number;
  /** Slices that have the class; with none, the Dice values are NaN. */
  readonly slices: number;
  /** Share of pixels given this label in slices without the class; null where there is no such slice. */
  readonly falseArea: number | null;
}

/** {@link ClassScores} of every class, and their means over the classes that occur. */
export interface MultiClassScores extends ValidationScores {
  readonly classes: readonly ClassScores[];
}

/** Predicts every slice in evaluation mode and scores each class against its own pixels. */
export async function validateClasses(
  model: ClassNetwork,
  samples: readonly PreparedClassSample[],
  options: {
    readonly batchSize: number;
    readonly activation: ClassActivation;
    readonly names: readonly string[];
  },
): Promise<MultiClassScores> {
  const tallies = options.names.map((name, index) => new ClassTally(name, index + 1));
  for (let begin = 0; begin < samples.length; begin += options.batchSize) {
    const part = samples.slice(begin, begin + options.batchSize);
    const predicted = await predictPlanes(model, part, options);
    for (const [index, { labels }] of part.entries()) {
      const planes = predicted[index] as Float32Array[];
      const label = mostProbable(planes);
      for (const tally of tallies) tally.add(planes[tally.label] as Float32Array, label, labels);
    }
  }
  const classes = tallies.map((tally) => tally.scores());
  const present = classes.filter(({ slices }) => slices > 0);
  const absent = classes.filter(({ falseArea }) => falseArea !== null);
  return {
    meanDice: mean(present.map(({ meanDice }) => meanDice)),
    dice: mean(present.map(({ dice }) => dice)),
    softDice: mean(present.map(({ softDice }) => softDice)),
    slices: samples.filter(({ hasForeground }) => hasForeground).length,
    falseArea: absent.length > 0 ? mean(absent.map(({ falseArea }) => falseArea as number)) : null,
    classes,
  };
}

/** Probabilities of each slice, by label. */
async function predictPlanes(
  model: ClassNetwork,
  samples: readonly PreparedClassSample[],
  { activation, names }: { readonly activation: ClassActivation; readonly names: readonly string[] },
): Promise<Float32Array[][]> {
  const size = (samples[0] as PreparedClassSample).size;
  const batch = composeClassBatch(
    samples,
    { size, augment: 'none' },
    { seed: 0, epoch: 0, scale: 1 },
    { classes: names.length },
  );
  const probability = tf.tidy(() => {
    const { logits } = model.forward(classBatchTensors(batch).images, { training: false }); // [B,H,W,C]
    return activation === 'softmax' ? tf.softmax(logits, 3) : tf.sigmoid(logits);
  });
  const values = await probability.data<'float32'>();
  probability.dispose();
  const channels = names.length + 1;
  const pixels = size * size;
  return samples.map((_, index) =>
    Array.from({ length: channels }, (__, label) => {
      const offset = index * pixels * channels + channelOf(label, channels);
      return Float32Array.from({ length: pixels }, (___, i) => values[offset + i * channels] as number);
    }),
  );
}

/** One class, slice by slice. */
class ClassTally {
  readonly label: number;
  readonly #name: string;
  readonly #found: { meanDice: number; dice: number; softDice: number }[] = [];
  readonly #falseAreas: number[] = [];

  constructor(name: string, label: number) {
    this.#name = name;
    this.label = label;
  }

  add(plane: Float32Array, predicted: Uint8Array, truth: Uint8Array): void {
    let [marked, real, both] = [0, 0, 0];
    for (const [i, value] of predicted.entries()) {
      const [here, there] = [value === this.label, truth[i] === this.label];
      marked += here ? 1 : 0;
      real += there ? 1 : 0;
      both += here && there ? 1 : 0;
    }
    if (real === 0) {
      this.#falseAreas.push(marked / truth.length);
      return;
    }
    const mask = truth.map((value) => (value === this.label ? 255 : 0));
    const { meanDice, softDice } = overlap(plane, mask);
    this.#found.push({ meanDice, softDice, dice: (2 * both) / (marked + real) });
  }

  scores(): ClassScores {
    return {
      name: this.#name,
      meanDice: mean(this.#found.map(({ meanDice }) => meanDice)),
      dice: mean(this.#found.map(({ dice }) => dice)),
      softDice: mean(this.#found.map(({ softDice }) => softDice)),
      slices: this.#found.length,
      falseArea: this.#falseAreas.length > 0 ? mean(this.#falseAreas) : null,
    };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
