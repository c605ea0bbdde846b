import { join } from 'node:path';
import type { GreyImage } from '../data/sample.js';
import type { TrainableNetwork } from '../model.js';
import { Random, shuffled } from '../random.js';
import type { LabelledSlice, TaskPictures } from '../task.js';
import { openFolder, writeWhole } from './run-files.js';

/** Slices in a strip. */
const SLICES = 4;
/** Longest side of a slice in a strip, in pixels. */
const SIDE = 128;

/** How pictures of a run are made. */
export interface StripOptions<Model extends TrainableNetwork, Slice extends LabelledSlice> {
  readonly pictures: TaskPictures<Model, Slice>;
  readonly encodeGrey: (image: GreyImage) => Uint8Array;
  /** Of the choice of slices. */
  readonly seed: number;
}

/** What a network makes of the same few slices, again and again. */
export interface SampleStrips<Model> {
  /** Predicts the slices with the model as it is, into `epoch-0012.png`. */
  add(model: Model, epoch: number): Promise<void>;
}

/**
 * Begins the pictures of a run, in its folder's `samples`: `slices.png` and `masks.png`, then a file for each validation;
 * each a strip of a few small slices side by side. The seed chooses the slices, those with something marked in them first.
 * Files bear numbers, never the slices' names.
 */
export async function openStrips<Model extends TrainableNetwork, Slice extends LabelledSlice>(
  runFolder: string,
  { pictures, encodeGrey, seed }: StripOptions<Model, Slice>,
  slices: readonly Slice[],
): Promise<SampleStrips<Model>> {
  const place = join(runFolder, 'samples');
  await openFolder(place);
  const chosen = chooseSlices(slices, seed);
  const write = (name: string, images: readonly GreyImage[]): Promise<void> =>
    writeWhole(join(place, `${name}.png`), encodeGrey(sideBySide(images.map(shrunk))));
  const given = chosen.map((slice) => pictures.given(slice));
  await write(
    'slices',
    given.map(({ image }) => image),
  );
  await write(
    'masks',
    given.map(({ mask }) => mask),
  );
  return {
    add: async (model, epoch) =>
      write(`epoch-${String(epoch).padStart(4, '0')}`, await pictures.predict(model, chosen)),
  };
}

function chooseSlices<Slice extends LabelledSlice>(slices: readonly Slice[], seed: number): Slice[] {
  const ordered = slices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const drawn = shuffled(ordered, Random.of(seed, 'samples'));
  return drawn.toSorted((a, b) => Number(b.hasForeground) - Number(a.hasForeground)).slice(0, SLICES);
}

/** Means of square blocks, as small as brings the longer side to {@link SIDE} or below; what fills no block goes. */
function shrunk(image: GreyImage): GreyImage {
  const block = Math.ceil(Math.max(image.width, image.height) / SIDE);
  if (block === 1) return image;
  const [width, height] = [Math.floor(image.width / block), Math.floor(image.height / block)];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let dy = 0; dy < block; dy++) {
        const start = (y * block + dy) * image.width + x * block;
        for (let dx = 0; dx < block; dx++) sum += image.data[start + dx] as number;
      }
      data[y * width + x] = Math.round(sum / block ** 2);
    }
  }
  return { width, height, data };
}

function sideBySide(images: readonly GreyImage[]): GreyImage {
  const { width, height } = images[0] as GreyImage;
  const whole = width * images.length;
  const data = new Uint8Array(whole * height);
  for (const [index, image] of images.entries()) {
    for (let y = 0; y < height; y++) {
      data.set(image.data.subarray(y * width, (y + 1) * width), y * whole + index * width);
    }
  }
  return { width: whole, height, data };
}
