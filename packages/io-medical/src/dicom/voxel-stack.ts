import { checkSize, type ReadLimits } from '../limits.js';
import type { VoxelArray } from '../volume.js';
import type { ModalityTransform, PaddingRange } from './modality.js';
import type { PixelFormat } from './pixel-format.js';
import { isColour } from './pixel-format.js';
import { shiftValues } from './shift-values.js';
import type { Slice } from './slice.js';

/**
 * Voxels of a volume, filled slice by slice with rescaled values, in the narrowest type that holds them: stored values
 * keep their type where there is nothing to rescale; shifted whole numbers are int16 as long as they fit; all else is
 * float32, computed in double precision (float64 where the file has that).
 */
export class VoxelStack {
  readonly #size: number;
  readonly #source: string;
  readonly #dims: readonly [number, number, number];
  readonly #limits: ReadLimits;
  #voxels: VoxelArray;
  #paddingValue: number | undefined;
  #paddingCount = 0;

  constructor(
    source: string,
    dims: readonly [number, number, number],
    slices: readonly Slice[],
    limits: ReadLimits,
  ) {
    const [nx, ny, nz] = dims;
    const Type = voxelType(slices);
    checkSize(source, dims, Type.BYTES_PER_ELEMENT, limits);
    this.#size = nx * ny;
    this.#source = source;
    this.#dims = dims;
    this.#limits = limits;
    this.#voxels = new Type(nx * ny * nz);
  }

  /** The voxels so far. */
  get voxels(): VoxelArray {
    return this.#voxels;
  }

  /** Value and number of the voxels that the scanner did not measure. */
  get padding(): { readonly value: number; readonly count: number } | undefined {
    return this.#paddingValue === undefined
      ? undefined
      : { value: this.#paddingValue, count: this.#paddingCount };
  }

  /** Writes a slice's stored values, rescaled; they are not kept. */
  put(z: number, stored: VoxelArray, transform: ModalityTransform, padding: PaddingRange | undefined): void {
    const at = z * this.#size;
    const values = transform.table === undefined ? stored : lookUp(stored, transform.table);
    if (!write(this.#slice(at), values, transform)) {
      this.#widen();
      write(this.#slice(at), values, transform);
    }
    if (padding !== undefined) {
      this.#pad(at, stored, padding, transform.slope * padding.value + transform.intercept);
    }
  }

  #slice(at: number): VoxelArray {
    return this.#voxels.subarray(at, at + this.#size);
  }

  /** Gives all padding of all slices one value, even where slopes differ from slice to slice. */
  #pad(at: number, stored: VoxelArray, { low, high }: PaddingRange, value: number): void {
    let count = 0;
    for (let i = 0; i < stored.length; i++) {
      const sample = stored[i] ?? 0;
      if (sample < low || sample > high) continue;
      this.#voxels[at + i] = this.#paddingValue ?? value;
      count++;
    }
    if (count > 0) this.#paddingValue ??= value;
    this.#paddingCount += count;
  }

  #widen(): void {
    checkSize(this.#source, this.#dims, Float32Array.BYTES_PER_ELEMENT, this.#limits);
    this.#voxels = Float32Array.from(this.#voxels);
  }
}

type VoxelConstructor = { new (length: number): VoxelArray; readonly BYTES_PER_ELEMENT: number };

function voxelType(slices: readonly Slice[]): VoxelConstructor {
  const transforms = slices.map(({ geometry }) => geometry.transform);
  const formats = slices.map(({ header }) => header.format);
  if (formats.some(({ bitsAllocated }) => bitsAllocated === 64)) return Float64Array;
  const isWhole =
    formats.every(({ kind }) => kind === 'integer') &&
    transforms.every(({ slope, intercept }) => slope === 1 && Number.isInteger(intercept));
  if (!isWhole) return Float32Array;
  const isStored = transforms.every(({ intercept, table }) => intercept === 0 && table === undefined);
  const types = new Set(formats.map(storedType));
  const [only] = types;
  return isStored && types.size === 1 && only !== undefined ? only : Int16Array;
}

function storedType({ bitsAllocated, signed, photometric }: PixelFormat): VoxelConstructor {
  if (photometric === 'PALETTE COLOR' || bitsAllocated === 1) return Uint8Array;
  const isSigned = signed && !isColour(photometric);
  if (bitsAllocated === 8) return isSigned ? Int8Array : Uint8Array;
  if (bitsAllocated === 16) return isSigned ? Int16Array : Uint16Array;
  return isSigned ? Int32Array : Uint32Array;
}

/** Writes rescaled values; says whether they fitted, as they always do in numbers with a point. */
function write(out: VoxelArray, values: VoxelArray, { slope, intercept }: ModalityTransform): boolean {
  if (out instanceof Int16Array) return shiftValues(out, values, intercept);
  if (slope === 1 && intercept === 0) out.set(values);
  else for (let i = 0; i < values.length; i++) out[i] = (values[i] as number) * slope + intercept;
  return true;
}

function lookUp(stored: VoxelArray, { first, values }: NonNullable<ModalityTransform['table']>): VoxelArray {
  const out = new Uint16Array(stored.length);
  const last = values.length - 1;
  for (let i = 0; i < out.length; i++) {
    const entry = (stored[i] ?? 0) - first;
    out[i] = values[entry < 0 ? 0 : entry > last ? last : entry] ?? 0;
  }
  return out;
}
