import {
  displayFrame,
  labelColour,
  resizeBilinear,
  takeSlice,
  type ProbabilityMap,
  type Slice,
  type Volume,
} from '@infnet/io-medical';
import { chooseSlices } from '../report/choose-slices.js';
import { encodePicture } from '../report/encode-picture.js';
import type { Pictures } from '../report/page-data.js';

/** How large the page's pictures may be. */
export interface PictureBudget {
  /** Longest side in pixels. */
  readonly side: number;
  /** Slices shown per input. */
  readonly slices: number;
}

/** A budget that keeps the page at some tens of megabytes whatever the number of inputs. */
export function pictureBudget(inputs: number): PictureBudget {
  const side = inputs <= 150 ? 256 : inputs <= 400 ? 192 : 128;
  return { side, slices: Math.min(96, Math.max(8, Math.round(480 / inputs))) };
}

/** What is asked of a volume. */
export type PlacedVolume = Pick<Volume, 'dims' | 'affine' | 'calibrated'>;

/** Gathers what the network saw and gave, slice by slice, as small pictures in the slice's true proportions. */
export class PictureCollector {
  readonly #volume: PlacedVolume;
  readonly #budget: PictureBudget;
  readonly #aspect: number;
  readonly #width: number;
  readonly #height: number;
  readonly #pictures: { grey: Uint8Array; probability: Uint8Array }[] = [];

  constructor(volume: PlacedVolume, budget: PictureBudget) {
    this.#volume = volume;
    this.#budget = budget;
    this.#aspect = aspectOf(volume);
    this.#width = Math.max(8, Math.round(budget.side * Math.min(1, this.#aspect)));
    this.#height = Math.max(8, Math.round(budget.side * Math.min(1, 1 / this.#aspect)));
  }

  add(slice: Slice, map: ProbabilityMap): void {
    const [width, height] = [this.#width, this.#height];
    const grey = resizeBilinear(
      { width: slice.width, height: slice.height, data: slice.data },
      width,
      height,
    ).data;
    const probability = resizeBilinear(map, width, height).data;
    this.#pictures.push({ grey, probability: Uint8Array.from(probability, (p) => Math.round(255 * p)) });
  }

  /**
   * @param areas infected area of every slice; decides which slices are shown
   * @param classes where they were told apart: one label per voxel, and the names of labels from 1 on
   */
  async finish(
    areas: readonly number[],
    classes?: { readonly labels: Uint8Array; readonly names: readonly string[] },
  ): Promise<Pictures> {
    const slices = chooseSlices(areas, this.#budget.slices);
    const most = areas.indexOf(Math.max(...areas));
    const [width, height] = [this.#width, this.#height];
    return {
      width,
      height,
      aspect: Number(this.#aspect.toFixed(4)),
      oriented: this.#volume.calibrated,
      slices,
      total: areas.length,
      first: areas[most] === 0 ? Math.floor(slices.length / 2) : slices.indexOf(most),
      encoded: await Promise.all(
        slices.map((slice) => {
          const labels = classes && { labels: this.#labelsOf(classes.labels, slice) };
          return encodePicture({ width, height, ...this.#pictures[slice]!, ...labels });
        }),
      ),
      ...(classes && {
        classes: classes.names.map((name, i) => ({ name, colour: labelColour(i + 1) })),
      }),
    };
  }

  /** Labels of a slice at the size of its picture: those at the centres of its pixels. */
  #labelsOf(labels: Uint8Array, slice: number): Uint8Array {
    const frame = displayFrame(this.#volume);
    const whole = takeSlice(labels, frame, slice);
    const [width, height] = [this.#width, this.#height];
    return Uint8Array.from({ length: width * height }, (_, i) => {
      const x = Math.floor((((i % width) + 0.5) * frame.width) / width);
      const y = Math.floor(((Math.floor(i / width) + 0.5) * frame.height) / height);
      return whole[y * frame.width + x] ?? 0;
    });
  }
}

/** Width by height of a slice in millimetres, or in pixels where their size is not known. */
function aspectOf(volume: PlacedVolume): number {
  const frame = displayFrame(volume);
  const step = (axis: number): number =>
    Math.hypot(volume.affine[axis]!, volume.affine[4 + axis]!, volume.affine[8 + axis]!);
  const aspect = (frame.width * step(frame.axes[0])) / (frame.height * step(frame.axes[1]));
  return Math.min(8, Math.max(1 / 8, aspect));
}
