/** A value of an element: texts and numbers by its VR, bytes, or the items of a sequence. */
export type ElementValue = string | number | readonly number[] | Uint8Array | readonly Dataset[];

/** One element: tag as 0xggggeeee, VR of two letters, value; `''` is the empty value of any VR but SQ. */
export type Element = readonly [tag: number, vr: string, value: ElementValue];

/** Elements in any order; of two with one tag the last counts. */
export type Dataset = readonly Element[];

/** VRs whose length takes four bytes, after two that are reserved. */
const LONG_VRS = ['OB', 'OW', 'SQ', 'UT', 'UN', 'UC'];
/** VRs that are padded to an even length with a zero byte; all other texts with a space. */
const ZERO_PADDED = ['UI', 'OB'];
const NUMBER_BYTES: Readonly<Record<string, 2 | 4>> = { US: 2, UL: 4, AT: 4 };

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Ours, of the root that anyone may derive from a UUID. */
const IMPLEMENTATION_CLASS_UID = '2.25.110347281306430236137063512830285061463';

/**
 * Encodes a data set as a DICOM file (PS3.10) in explicit VR little endian, texts in UTF-8.
 *
 * @param identity SOP Class and Instance UID, which are written into the file's meta information too
 */
export function encodeDicomFile(
  dataset: Dataset,
  { sopClassUid, sopInstanceUid }: { readonly sopClassUid: string; readonly sopInstanceUid: string },
): Uint8Array {
  const meta = encodeDataset([
    [0x0002_0001, 'OB', Uint8Array.of(0, 1)],
    [0x0002_0002, 'UI', sopClassUid],
    [0x0002_0003, 'UI', sopInstanceUid],
    [0x0002_0010, 'UI', EXPLICIT_LITTLE_ENDIAN],
    [0x0002_0012, 'UI', IMPLEMENTATION_CLASS_UID],
    [0x0002_0013, 'SH', 'INFNET_JS'],
  ]);
  const start = new Uint8Array(132);
  start.set([0x44, 0x49, 0x43, 0x4d], 128);
  return concat([
    start,
    encodeDataset([[0x0002_0000, 'UL', meta.length]]),
    meta,
    encodeDataset([
      ...dataset,
      [0x0008_0005, 'CS', 'ISO_IR 192'],
      [0x0008_0016, 'UI', sopClassUid],
      [0x0008_0018, 'UI', sopInstanceUid],
    ]),
  ]);
}

function encodeDataset(dataset: Dataset): Uint8Array {
  const byTag = new Map(dataset.map((element) => [element[0], element]));
  return concat([...byTag.values()].toSorted(([a], [b]) => a - b).map(encodeElement));
}

function encodeElement([tag, vr, value]: Element): Uint8Array {
  const content = padded(vr, vr === 'SQ' ? encodeItems(value as readonly Dataset[]) : encodeValue(vr, value));
  const isLong = LONG_VRS.includes(vr);
  const header = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  header.set(new TextEncoder().encode(vr), 4);
  if (isLong) view.setUint32(8, content.length, true);
  else view.setUint16(6, content.length, true);
  return concat([header, content]);
}

function encodeItems(items: readonly Dataset[]): Uint8Array {
  return concat(
    items.flatMap((item) => {
      const content = encodeDataset(item);
      const header = new Uint8Array(8);
      const view = new DataView(header.buffer);
      view.setUint16(0, 0xfffe, true);
      view.setUint16(2, 0xe000, true);
      view.setUint32(4, content.length, true);
      return [header, content];
    }),
  );
}

function encodeValue(vr: string, value: ElementValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const size = NUMBER_BYTES[vr];
  if (size === undefined || value === '')
    return new TextEncoder().encode(text(value as string | readonly number[]));
  const numbers = [value].flat() as number[];
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => {
    if (vr === 'UL') view.setUint32(4 * i, number, true);
    else if (vr === 'US') view.setUint16(2 * i, number, true);
    else {
      // A tag as a value: group, then element.
      view.setUint16(4 * i, number >>> 16, true);
      view.setUint16(4 * i + 2, number & 0xffff, true);
    }
  });
  return bytes;
}

function text(value: string | number | readonly number[]): string {
  return typeof value === 'string' ? value : [value].flat().map(decimalString).join('\\');
}

/** A number as DS has it: at most 16 characters, as near as they allow. */
function decimalString(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const shortest = String(Number(value.toPrecision(digits)) + 0);
    if (shortest.length <= 16) return shortest;
  }
  return '0';
}

function padded(vr: string, content: Uint8Array): Uint8Array {
  if (content.length % 2 === 0) return content;
  return concat([content, Uint8Array.of(ZERO_PADDED.includes(vr) ? 0 : 32)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
