import { checkQuantities } from '../checks/check-quantities.js';
import { checkVolume } from '../checks/check-volume.js';
import { displayFrame, putSlice } from '../display-frame.js';
import { encodeMask, encodeVolume } from '../encode-volume.js';
import { ImageFormatError } from '../errors.js';
import { findLungs, type FoundLungs } from '../lung/find-lungs.js';
import { quantify } from '../quantify/quantify.js';
import { readImage } from '../read-image.js';
import type { ReadProgress } from '../read-options.js';
import { levelOf, maskOfLevels } from '../segment/levels.js';
import { restoreSlice, type Slice, type SliceOptions, toSlices } from '../slices.js';
import type { Volume } from '../volume.js';
import type { Answered, Asked, VolumeAbout, WorkerCall } from './messages.js';

/** `WorkerCalls` as the worker carries them out. */
type Served = { readonly [Call in WorkerCall]: (request: Asked<Call>) => Promise<Answered<Call>> };

interface Held {
  readonly volume: Volume;
  /** See {@link levelOf}. */
  readonly levels: Uint8Array;
  /** Found when they are first asked for: that takes seconds. */
  lungs?: FoundLungs;
}

/** The volume that a worker holds, what was found in it, and what can be asked of them. */
export class ServedVolume implements Served {
  readonly #onProgress: (event: ReadProgress) => void;
  #open: Held | undefined;
  #slices: Generator<Slice, void, void> | undefined;

  constructor(onProgress: (event: ReadProgress) => void) {
    this.#onProgress = onProgress;
  }

  async read({ input, options }: Asked<'read'>): Promise<Volume> {
    return readImage(input, { ...options, onProgress: this.#onProgress });
  }

  async open(request: Asked<'open'>): Promise<VolumeAbout> {
    const volume = await this.read(request);
    this.#open = { volume, levels: new Uint8Array(volume.voxels.length) };
    const { voxels, dicom: _patient, header: _header, ...about } = volume;
    return {
      ...about,
      voxelType: voxels.constructor.name.replace('Array', '').toLowerCase(),
      slices: displayFrame(volume).slices,
      checks: checkVolume(volume),
    };
  }

  startSlices(options: SliceOptions): Promise<void> {
    this.#slices = toSlices(this.#held.volume, options);
    return Promise.resolve();
  }

  nextSlice(): Promise<Slice | undefined> {
    const next = this.#slices?.next();
    return Promise.resolve(next === undefined || next.done === true ? undefined : next.value);
  }

  keepMap({ index, map }: Asked<'keepMap'>): Promise<void> {
    const { volume, levels } = this.#held;
    putSlice(levels, displayFrame(volume), index, restoreSlice(map, volume).data.map(levelOf));
    return Promise.resolve();
  }

  measure({ threshold }: Asked<'measure'>): Promise<Answered<'measure'>> {
    const held = this.#held;
    held.lungs ??= findLungs(held.volume);
    const { sided, checks } = held.lungs;
    const mask = maskOfLevels(held.levels, threshold);
    const quantities = quantify(mask, held.volume, sided === undefined ? {} : { lungs: sided });
    return Promise.resolve({ quantities, checks: [...checks, ...checkQuantities(quantities)] });
  }

  async encodeMask({ format, threshold, ...options }: Asked<'encodeMask'>): Promise<Uint8Array> {
    const { volume, levels } = this.#held;
    return encodeMask(format, maskOfLevels(levels, threshold), volume, options);
  }

  async encodeLevels({ format, ...options }: Asked<'encodeLevels'>): Promise<Uint8Array> {
    const { volume, levels } = this.#held;
    return encodeMask(format, levels, volume, options);
  }

  async encodeVolume({ format, ...options }: Asked<'encodeVolume'>): Promise<Uint8Array> {
    return encodeVolume(format, this.#held.volume, options);
  }

  get #held(): Held {
    if (this.#open !== undefined) return this.#open;
    throw new ImageFormatError('invalid-option', 'no image is open', 'Open one first.');
  }
}
