import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { GreyImage, PseudoLabelIO, Sample } from '../src/index.js';

/** Pictures for tests as PGM bytes, whatever the name of the file; nearest-neighbour resize, inner rim as edge. */
export const io: PseudoLabelIO = {
  async readGrey(path) {
    const bytes = await readFile(path);
    const header = /^P5 (\d+) (\d+) 255\n/.exec(bytes.subarray(0, 40).toString('latin1'));
    if (!header) throw new Error('not a picture');
    const data = new Uint8Array(bytes.subarray(header[0].length));
    return { width: Number(header[1]), height: Number(header[2]), data };
  },
  encodeGrey: ({ width, height, data }) =>
    Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`, 'latin1'), data]),
  resize: (image, width, height) => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, i) => {
      const x = Math.floor(((i % width) * image.width) / width);
      const y = Math.floor((Math.floor(i / width) * image.height) / height);
      return image.data[y * image.width + x] as number;
    }),
  }),
  edge: ({ width, height, data }) => ({
    width,
    height,
    data: data.map((value, i) => (value > 0 && (data[i + 1] === 0 || data[i + width] === 0) ? 255 : 0)),
  }),
};

/** Writes pictures as `FOLDER/NAME.png`. */
export async function writeImages(
  folder: string,
  images: Readonly<Record<string, GreyImage>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, image] of Object.entries(images)) {
    await writeFile(join(folder, `${name}.png`), io.encodeGrey(image));
  }
}

/** The pictures of samples under new names, as if nobody had drawn a mask. */
export function withoutMasks(
  samples: readonly Sample[],
  name: (index: number) => string,
): Record<string, GreyImage> {
  return Object.fromEntries(samples.map(({ image }, index) => [name(index), image]));
}
