import { mostProbable, predictClasses } from '@infnet/core-model';
import {
  displayFrame,
  putSlice,
  resizeBilinear,
  restoreSlice,
  toSlices,
  type ProbabilityMap,
  type Slice,
  type SliceOptions,
  type SlicePredictor,
  type Volume,
} from '@infnet/io-medical';
import type { Labeller } from './labeller.js';

/** How a volume is labelled. */
export interface LabelVolumeOptions {
  readonly window?: NonNullable<SliceOptions['window']>;
  /** Also keep the probabilities: four bytes a voxel and class. */
  readonly keepProbability: boolean;
}

/**
 * The classes of one volume, slice by slice as the infection is found: each slice at the network's own size, guided by
 * its infection map, every class back on the volume's grid, then the most probable one.
 */
export class VolumeLabeller {
  /** One label per voxel. */
  readonly labels: Uint8Array;
  /** By class, background not counted; empty unless kept. */
  readonly probabilities: readonly Float32Array[];
  readonly labeller: Labeller;
  readonly #volume: Volume;
  readonly #slices: Iterator<Slice>;

  constructor(labeller: Labeller, volume: Volume, { window, keepProbability }: LabelVolumeOptions) {
    const voxels = volume.voxels.length;
    this.labeller = labeller;
    this.labels = new Uint8Array(voxels);
    this.probabilities = keepProbability ? labeller.about.classes.map(() => new Float32Array(voxels)) : [];
    this.#volume = volume;
    this.#slices = toSlices(volume, { size: labeller.about.size, ...(window !== undefined && { window }) });
  }

  /** What finds the infection, with every slice labelled as soon as its infection is known. */
  beside(predictor: SlicePredictor): SlicePredictor {
    const add = this.#add.bind(this);
    return {
      async *predictAll(slices, options) {
        for await (const found of predictor.predictAll(slices, options)) {
          await add(found.slice, found.map);
          yield found;
        }
      },
    };
  }

  /** The next slice; what is left out in between stays background. */
  async #add({ index }: Pick<Slice, 'index'>, infection: ProbabilityMap): Promise<void> {
    const { network, about } = this.labeller;
    const { size, activation } = about;
    const slice = this.#at(index);
    const map = infection.width === size ? infection : resizeBilinear(infection, size, size);
    const { planes } = await predictClasses(network, { ...slice, infection: map.data }, { activation });
    const restored = planes.map(
      (data) => restoreSlice({ width: size, height: size, data }, this.#volume).data,
    );
    const frame = displayFrame(this.#volume);
    putSlice(this.labels, frame, index, mostProbable(restored));
    for (const [i, probability] of this.probabilities.entries()) {
      putSlice(probability, frame, index, restored[i + 1]!);
    }
  }

  #at(index: number): Slice {
    for (;;) {
      const { value, done } = this.#slices.next() as IteratorResult<Slice, undefined>;
      if (done) throw new RangeError(`there is no slice ${index} after those that were added`);
      if (value.index === index) return value;
    }
  }
}
