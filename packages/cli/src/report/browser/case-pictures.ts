/// <reference lib="dom" />
import type { Pictures } from '../page-data.js';
import { decodePicture, type DecodedPicture } from './decode-picture.js';

/** The pictures of one case, decoded when asked for; the last few stay in memory. */
export class CasePictures {
  readonly about: Pictures;
  readonly #decoded: Map<number, Promise<DecodedPicture>> = new Map();

  constructor(about: Pictures) {
    this.about = about;
  }

  /** Number of pictures. */
  get count(): number {
    return this.about.slices.length;
  }

  /** Decodes one picture. */
  at(index: number): Promise<DecodedPicture> {
    const { width, height, encoded } = this.about;
    const known = this.#decoded.get(index);
    if (known) return known;
    const picture = decodePicture(encoded[index] ?? '', width, height);
    this.#decoded.set(index, picture);
    const [oldest] = this.#decoded.keys();
    if (this.#decoded.size > 96 && oldest !== undefined) this.#decoded.delete(oldest);
    return picture;
  }

  /** Index of the picture nearest to a slice of the volume. */
  nearest(slice: number): number {
    const distances = this.about.slices.map((other) => Math.abs(other - slice));
    return distances.indexOf(Math.min(...distances));
  }
}

/** Reads the JSON block of case `index` of the page. */
export function readCase(index: number): CasePictures {
  const text = document.getElementById(`pictures-${index}`)?.textContent ?? '{}';
  return new CasePictures(JSON.parse(text) as Pictures);
}
