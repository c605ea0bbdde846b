import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFolder, writeWhole } from '../checkpoint/run-files.js';
import { readPair } from '../data/folder-dataset.js';
import type { GreyImage, PreparedSample, SliceIO } from '../data/sample.js';
import type { PseudoLabel, PseudoLabelStyle } from './pseudo-label.js';

/** What propagation needs to know of image files: {@link SliceIO} and a lossless encoder, such as io-medical's `encodePng`. */
export interface PseudoLabelIO extends Required<SliceIO> {
  /** A grey picture as the bytes of a PNG file. */
  encodeGrey(image: GreyImage): Uint8Array;
}

/**
 * Pseudo-labelled slices as a folder in the authors' layout: `Imgs` (copies of the unlabelled files), `GT` and `Edge`
 * (PNG), and `Uncertainty` where pixels have weights. It is a data set of its own, to be trained on or looked at; labelled
 * slices never go in, so that no name can stand for two slices.
 */
export class LabelFolder {
  readonly path: string;
  readonly #io: PseudoLabelIO;
  readonly #hasUncertainty: boolean;

  /** @param style says whether pixels have weights */
  constructor(path: string, io: PseudoLabelIO, { pseudoWeights }: PseudoLabelStyle) {
    this.path = path;
    this.#io = io;
    this.#hasUncertainty = pseudoWeights === 'certainty';
  }

  /** Makes the folder, or takes it up: what an interrupted write left goes. */
  async open(): Promise<void> {
    const parts = ['Imgs', 'GT', 'Edge', ...(this.#hasUncertainty ? ['Uncertainty'] : [])];
    for (const part of parts) await openFolder(join(this.path, part));
  }

  /** Adds a slice; adding it again replaces it. The image comes last: a slice is there when its image is. */
  async add(id: string, imageFile: string, { mask, edge, uncertainty }: PseudoLabel): Promise<void> {
    for (const [part, picture] of Object.entries({ GT: mask, Edge: edge, Uncertainty: uncertainty })) {
      if (picture) await writeWhole(this.#pictureOf(part, id), this.#io.encodeGrey(picture));
    }
    await writeWhole(this.#imageOf(imageFile), await readFile(imageFile));
  }

  /** Whether a slice has its label. */
  has(imageFile: string): boolean {
    return existsSync(this.#imageOf(imageFile));
  }

  /** Reads a slice back, prepared for training. Its id says that the label is a pseudo label. */
  async read(id: string, imageFile: string, size: number): Promise<PreparedSample> {
    const sample = await readPair(
      {
        id: `pseudo/${id}`,
        image: this.#imageOf(imageFile),
        mask: this.#pictureOf('GT', id),
        edge: this.#pictureOf('Edge', id),
        ...(this.#hasUncertainty && { uncertainty: this.#pictureOf('Uncertainty', id) }),
      },
      { io: this.#io, size, maskValues: 'soft' },
    );
    return sample;
  }

  #pictureOf(part: string, id: string): string {
    return join(this.path, part, `${id}.png`);
  }

  #imageOf(imageFile: string): string {
    return join(this.path, 'Imgs', basename(imageFile));
  }
}
