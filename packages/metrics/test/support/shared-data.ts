import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';

/** The authors' images beside the repository; other people's data, so never a part of it. */
const ROOT = fileURLToPath(new URL('../../../../../shared/data/covid-semiseg/', import.meta.url));

/** Appended to the name of every test that needs the images, so that a skipped run says why. */
export const REASON = 'needs ../shared/data/covid-semiseg';

/** False where the images are absent. */
export const sharedDataPresent: boolean = existsSync(ROOT);

export interface GreyPng {
  readonly width: number;
  readonly height: number;
  /** 8-bit images as they are, 1-bit images as 0 and 1. */
  readonly data: Uint8Array;
}

/** Names of the PNG files in a folder of the data set, in the order MATLAB's dir gives. */
export function pngNames(folder: string): string[] {
  return readdirSync(ROOT + folder)
    .filter((name) => name.endsWith('.png'))
    .toSorted();
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(ROOT + path, 'utf8'));
}

/** First channel of a PNG of the data set. */
export function readPng(path: string): GreyPng {
  const { width, height, depth, channels, data } = decode(readFileSync(ROOT + path));
  const grey = new Uint8Array(width * height);
  const rowBytes = Math.ceil(width / 8);
  for (let i = 0; i < grey.length; i++) {
    if (depth === 1) {
      const x = i % width;
      grey[i] = (data[Math.floor(i / width) * rowBytes + (x >> 3)]! >> (7 - (x & 7))) & 1;
    } else {
      grey[i] = data[i * channels]!;
    }
  }
  return { width, height, data: grey };
}
