/** Pixel data in items: the offset table, then the fragments. */
export interface Encapsulated {
  readonly fragments: readonly Uint8Array[];
  /** Offsets for the basic offset table; empty by default. */
  readonly table?: readonly number[];
}

export type DicomValue =
  string | number | readonly number[] | Uint8Array | Encapsulated | readonly (readonly DicomElement[])[];

export type DicomElement = readonly [tag: number, vr: string, value: DicomValue];

export const SYNTAX = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
} as const;

interface FileOptions {
  readonly syntax?: string;
  /** Without preamble, magic and file meta elements. */
  readonly bare?: boolean;
  /** Sequences and their items of undefined length, ended by delimiters. */
  readonly openSequences?: boolean;
  /** What stands behind the meta elements is passed through this. */
  readonly pack?: (dataset: Uint8Array) => Uint8Array;
}

interface Style {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly open: boolean;
}

const LONG_VRS = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UN', 'UT'];
const UNDEFINED = 0xffff_ffff;
const SIZES: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  FD: 8,
  OD: 8,
};

/** Writes a DICOM file for tests, element by element as given, sorted by tag. */
export function makeDicom(elements: readonly DicomElement[], options: FileOptions = {}): Uint8Array {
  const { syntax = SYNTAX.explicit, bare = false, openSequences = false, pack } = options;
  const style = {
    explicit: syntax !== SYNTAX.implicit,
    littleEndian: syntax !== SYNTAX.bigEndian,
    open: openSequences,
  };
  const sorted = elements.toSorted(([a], [b]) => a - b);
  const dataset = concat(sorted.map((element) => encodeElement(element, style)));
  if (bare) return dataset;
  const meta = encodeElement([0x0002_0010, 'UI', syntax], {
    explicit: true,
    littleEndian: true,
    open: false,
  });
  const length = encodeElement([0x0002_0000, 'UL', meta.length], {
    explicit: true,
    littleEndian: true,
    open: false,
  });
  const magic = new Uint8Array(132);
  magic.set(ascii('DICM'), 128);
  return concat([magic, length, meta, pack === undefined ? dataset : pack(dataset)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function encodeElement([tag, vr, value]: DicomElement, style: Style): Uint8Array {
  const isItems = Array.isArray(value) && vr === 'SQ';
  const isOpen = isEncapsulated(value) || (isItems && style.open);
  const body = encodeValue(vr, value, style);
  const length = isOpen ? UNDEFINED : body.length;
  const head = new DataView(new ArrayBuffer(12));
  head.setUint16(0, Math.floor(tag / 0x1_0000), style.littleEndian);
  head.setUint16(2, tag % 0x1_0000, style.littleEndian);
  if (!style.explicit) {
    head.setUint32(4, length, style.littleEndian);
    return concat([bytesOf(head, 8), body]);
  }
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (LONG_VRS.includes(vr)) {
    head.setUint32(8, length, style.littleEndian);
    return concat([bytesOf(head, 12), body]);
  }
  head.setUint16(6, length, style.littleEndian);
  return concat([bytesOf(head, 8), body]);
}

function encodeValue(vr: string, value: DicomValue, style: Style): Uint8Array {
  if (value instanceof Uint8Array) return value.length % 2 === 0 ? value : concat([value, Uint8Array.of(0)]);
  if (typeof value === 'string') {
    const padding = vr === 'UI' ? '\0' : ' ';
    return ascii(value.length % 2 === 0 ? value : value + padding);
  }
  if (isEncapsulated(value)) return encodeFragments(value);
  if (vr === 'SQ') {
    return encodeItems(value as readonly (readonly DicomElement[])[], style);
  }
  return encodeNumbers(vr, typeof value === 'number' ? [value] : (value as readonly number[]), style);
}

function encodeItems(items: readonly (readonly DicomElement[])[], style: Style): Uint8Array {
  const parts = items.flatMap((item) => {
    const body = concat(item.map((element) => encodeElement(element, style)));
    return style.open
      ? [itemHead(0xe000, UNDEFINED, style), body, itemHead(0xe00d, 0, style)]
      : [itemHead(0xe000, body.length, style), body];
  });
  return concat(style.open ? [...parts, itemHead(0xe0dd, 0, style)] : parts);
}

function encodeFragments({ fragments, table = [] }: Encapsulated): Uint8Array {
  const style = { explicit: true, littleEndian: true, open: false };
  const offsets = encodeNumbers('UL', table, style);
  const items = [offsets, ...fragments].map((fragment) => {
    const even = fragment.length % 2 === 0 ? fragment : concat([fragment, Uint8Array.of(0)]);
    return concat([itemHead(0xe000, even.length, style), even]);
  });
  return concat([...items, itemHead(0xe0dd, 0, style)]);
}

function itemHead(element: number, length: number, { littleEndian }: Style): Uint8Array {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, 0xfffe, littleEndian);
  head.setUint16(2, element, littleEndian);
  head.setUint32(4, length, littleEndian);
  return bytesOf(head, 8);
}

function encodeNumbers(vr: string, numbers: readonly number[], { littleEndian }: Style): Uint8Array {
  if (vr === 'DS' || vr === 'IS')
    return encodeValue(vr, numbers.join('\\'), { explicit: true, littleEndian, open: false });
  if (vr === 'OV') {
    const longs = new DataView(new ArrayBuffer(8 * numbers.length));
    numbers.forEach((value, i) => longs.setBigUint64(8 * i, BigInt(value), littleEndian));
    return bytesOf(longs, longs.byteLength);
  }
  const size = SIZES[vr] ?? 1;
  const view = new DataView(new ArrayBuffer(size * numbers.length));
  numbers.forEach((value, i) => {
    if (vr === 'FL' || vr === 'OF') view.setFloat32(4 * i, value, littleEndian);
    else if (vr === 'FD' || vr === 'OD') view.setFloat64(8 * i, value, littleEndian);
    else if (size === 2) view.setUint16(2 * i, value & 0xffff, littleEndian);
    else if (size === 4) view.setUint32(4 * i, value, littleEndian);
    else view.setUint8(i, value);
  });
  return bytesOf(view, view.byteLength);
}

function isEncapsulated(value: DicomValue): value is Encapsulated {
  return typeof value === 'object' && 'fragments' in value;
}

function bytesOf(view: DataView, length: number): Uint8Array {
  return new Uint8Array(view.buffer, 0, length);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
