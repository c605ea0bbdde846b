import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfNet, selectBackend } from '@infnet/core-model';
import { createPhantom, encodePng, toSlices, writeVolume, type Phantom } from '@infnet/io-medical';

/** A model of random weights, small enough for tests: 64 px, saved where asked. */
export async function writeTinyModel(path: string, seed = 3): Promise<string> {
  await selectBackend('cpu');
  const model = InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed });
  await model.save(path, { metadata: { 'infnet.size': '64' } });
  model.dispose();
  return path;
}

/** A small phantom as .nii.gz, and what it holds. */
export async function writePhantom(path: string, seed = 1): Promise<Phantom> {
  const phantom = createPhantom({ seed, dims: [48, 40, 6] });
  await writeVolume(path, phantom.volume);
  return phantom;
}

/** One grey slice of a phantom as PNG bytes. */
export function slicePng(seed = 1, dims: readonly [number, number, number] = [56, 48, 5]): Uint8Array {
  const { volume } = createPhantom({ seed, dims });
  const slices = [...toSlices(volume)];
  return encodePng(slices[Math.floor(slices.length / 2)]!);
}

/** A PNG of one grey value. */
export function flatPng(value: number, width = 32, height = 32): Uint8Array {
  return encodePng({ width, height, data: new Uint8Array(width * height).fill(value) });
}

/** A PNG with a square of 255 on 0. */
export function squarePng(width: number, height: number, side: number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < side; y++) data.fill(255, y * width, y * width + side);
  return encodePng({ width, height, data });
}

/**
 * A folder of labelled phantom slices in the authors' layout.
 *
 * @param lower grey value of the lower half of the infection, for label maps. Default 255
 * @param upper of the rest. Default 255
 */
export async function writeTrainingFolder(
  folder: string,
  slices: number,
  { upper = 255, lower = 255 }: { readonly upper?: number; readonly lower?: number } = {},
): Promise<void> {
  await mkdir(join(folder, 'Imgs'), { recursive: true });
  await mkdir(join(folder, 'GT'), { recursive: true });
  const { volume, infection } = createPhantom({ seed: 5, dims: [48, 48, 3 * slices] });
  const masks = [...toSlices({ ...volume, voxels: infection.map((value) => 255 * value), unit: 'grey' })];
  let index = 0;
  for (const slice of toSlices(volume)) {
    if (slice.index % 3 === 1) {
      const mask = masks[slice.index]!;
      const data = Uint8Array.from(mask.data, (value, i) =>
        value <= 127 ? 0 : i < mask.data.length / 2 ? upper : lower,
      );
      await writeFile(join(folder, 'Imgs', `slice-${index}.png`), encodePng(slice));
      await writeFile(join(folder, 'GT', `slice-${index}.png`), encodePng({ ...mask, data }));
      index++;
    }
  }
}
