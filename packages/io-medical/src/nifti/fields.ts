/** The fields of a header that are read and written, as numbers, whatever the version and byte order of the file. */
export interface NiftiFields {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Number of dimensions, then the size along each of seven. */
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  /** qfac (the sign of z in the qform), then the spacing along each of seven dimensions. */
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
  /** Three rows of four. */
  readonly sform: readonly number[];
}

type NumberField = Exclude<keyof NiftiFields, 'version' | 'littleEndian'>;
type Kind = 'Uint8' | 'Int16' | 'Int32' | 'BigInt64' | 'Float32' | 'Float64';
type Slot = readonly [at: number, kind: Kind, count?: number];

interface Layout {
  readonly bytes: number;
  readonly slots: Readonly<Record<NumberField, Slot>>;
  readonly description: number;
  readonly magic: number;
}

/** nifti1.h */
const NIFTI_1: Layout = {
  bytes: 348,
  slots: {
    dim: [40, 'Int16', 8],
    datatype: [70, 'Int16'],
    bitpix: [72, 'Int16'],
    pixdim: [76, 'Float32', 8],
    voxOffset: [108, 'Float32'],
    slope: [112, 'Float32'],
    intercept: [116, 'Float32'],
    units: [123, 'Uint8'],
    qformCode: [252, 'Int16'],
    sformCode: [254, 'Int16'],
    quaternion: [256, 'Float32', 3],
    qoffset: [268, 'Float32', 3],
    sform: [280, 'Float32', 12],
  },
  description: 148,
  magic: 344,
};

/** nifti2.h */
const NIFTI_2: Layout = {
  bytes: 540,
  slots: {
    dim: [16, 'BigInt64', 8],
    datatype: [12, 'Int16'],
    bitpix: [14, 'Int16'],
    pixdim: [104, 'Float64', 8],
    voxOffset: [168, 'BigInt64'],
    slope: [176, 'Float64'],
    intercept: [184, 'Float64'],
    units: [500, 'Int32'],
    qformCode: [344, 'Int32'],
    sformCode: [348, 'Int32'],
    quaternion: [352, 'Float64', 3],
    qoffset: [376, 'Float64', 3],
    sform: [400, 'Float64', 12],
  },
  description: 240,
  magic: 4,
};

/** Bytes of the longest header: what to have at hand before parsing one. */
export const LONGEST_NIFTI_HEADER: number = NIFTI_2.bytes;

/** Bytes of a header of that version. */
export function niftiHeaderBytes(version: 1 | 2): number {
  return layoutOf(version).bytes;
}

/** Version and byte order by the header's length at its start; undefined where that is neither. */
export function niftiVariant(bytes: Uint8Array): Pick<NiftiFields, 'version' | 'littleEndian'> | undefined {
  if (bytes.length < 4) return undefined;
  const view = viewOf(bytes);
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian);
    if (size === NIFTI_1.bytes) return { version: 1, littleEndian };
    if (size === NIFTI_2.bytes) return { version: 2, littleEndian };
  }
  return undefined;
}

/** The magic: `n+1`, `ni1`, `n+2` or `ni2` and what follows it. */
export function niftiMagic(bytes: Uint8Array, version: 1 | 2): string {
  const at = layoutOf(version).magic;
  return String.fromCharCode(...bytes.subarray(at, at + (version === 1 ? 4 : 8)));
}

/** Reads the fields; `bytes` hold the whole header. */
export function readNiftiFields(
  bytes: Uint8Array,
  variant: Pick<NiftiFields, 'version' | 'littleEndian'>,
): NiftiFields {
  const view = viewOf(bytes);
  const { slots } = layoutOf(variant.version);
  const all = (field: NumberField): number[] => {
    const [at, kind, count = 1] = slots[field];
    return Array.from({ length: count }, (_, i) =>
      Number(view[`get${kind}`](at + i * bytesOf(kind), variant.littleEndian)),
    );
  };
  const one = (field: NumberField): number => all(field)[0] ?? 0;
  return {
    version: variant.version,
    littleEndian: variant.littleEndian,
    dim: all('dim'),
    datatype: one('datatype'),
    bitpix: one('bitpix'),
    pixdim: all('pixdim'),
    voxOffset: one('voxOffset'),
    slope: one('slope'),
    intercept: one('intercept'),
    units: one('units'),
    qformCode: one('qformCode'),
    sformCode: one('sformCode'),
    quaternion: all('quaternion'),
    qoffset: all('qoffset'),
    sform: all('sform'),
  };
}

/** Writes a single-file header and the four bytes behind it that say that there are no extensions. */
export function writeNiftiFields(fields: NiftiFields, description: string): Uint8Array {
  const { bytes, slots, description: descriptionAt, magic } = layoutOf(fields.version);
  const header = new Uint8Array(bytes + 4);
  const view = viewOf(header);
  view.setInt32(0, bytes, fields.littleEndian);
  for (const [field, [at, kind]] of Object.entries(slots) as [NumberField, Slot][]) {
    const values: readonly number[] = [fields[field]].flat();
    values.forEach((value, i) => {
      const position = at + i * bytesOf(kind);
      if (kind === 'BigInt64') view.setBigInt64(position, BigInt(value), fields.littleEndian);
      else view[`set${kind}`](position, value, fields.littleEndian);
    });
  }
  header.set(new TextEncoder().encode(description).subarray(0, 79), descriptionAt);
  header.set(new TextEncoder().encode(fields.version === 1 ? 'n+1\0' : 'n+2\0\r\n\u001a\n'), magic);
  return header;
}

function layoutOf(version: 1 | 2): Layout {
  return version === 1 ? NIFTI_1 : NIFTI_2;
}

function bytesOf(kind: Kind): number {
  return Number(kind.replace(/\D+/, '')) / 8;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
