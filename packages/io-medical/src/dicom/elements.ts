import { ImageFormatError } from '../errors.js';
import { damagedDicom, truncatedDicom, unsupportedDicom } from './dicom-errors.js';
import { TAG, tagName } from './tags.js';

/** How a data set is written. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** A stretch of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** One element; its value is looked at when asked for. */
export interface Element extends ByteRange {
  /** Two letters; empty where the file does not say (implicit VR). */
  readonly vr: string;
  /** Items of a sequence of undefined length, whose end is only found by reading them. */
  readonly items?: readonly ElementMap[];
  /** Items of encapsulated pixel data, the offset table first. */
  readonly fragments?: readonly ByteRange[];
}

/** The elements of a data set or of a sequence's item. */
export interface ElementMap {
  readonly elements: ReadonlyMap<number, Element>;
  readonly encoding: Encoding;
  /** Sequences around this one. */
  readonly depth: number;
}

/** The file that is being read. `left` is how many more elements it may have before it is refused. */
export interface ParseContext {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Only the start of a file: that pixels end beyond it is no fault. */
  readonly isHead: boolean;
  left: number;
}

const UNDEFINED_LENGTH = 0xffff_ffff;
/** More elements than any image has; each costs a hundred times the eight bytes that declare it. */
const MAX_ELEMENTS = 2 ** 20;
const MAX_DEPTH = 16;
/** Value representations with a length of four bytes (PS3.5, table 7.1-1). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const SHORT_VRS = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
const PIXELS: readonly number[] = [TAG.floatPixelData, TAG.doubleFloatPixelData, TAG.pixelData];

/** Starts reading a file. */
export function parseContext(source: string, bytes: Uint8Array, isHead = false): ParseContext {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { source, bytes, view, isHead, left: MAX_ELEMENTS };
}

/** Whether two letters that are a value representation stand where explicit VR has them. */
export function looksExplicit({ bytes }: ParseContext, offset: number): boolean {
  const vr = String.fromCharCode(bytes[offset + 4] ?? 0, bytes[offset + 5] ?? 0);
  return LONG_VRS.has(vr) || SHORT_VRS.has(vr);
}

/** Tag at a place, 0 beyond the end. */
export function tagAt({ view }: ParseContext, offset: number, littleEndian: boolean): number {
  if (offset + 4 > view.byteLength) return 0;
  return view.getUint16(offset, littleEndian) * 0x1_0000 + view.getUint16(offset + 2, littleEndian);
}

/**
 * Reads elements from `start` on, up to and with the pixel data, or up to a tag at which `isEnd` says to stop.
 * Nothing is copied.
 *
 * @returns the elements and where reading stopped
 * @throws {ImageFormatError} `truncated`, `corrupt`, `too-large` for more than a million elements
 */
export function parseElements(
  context: ParseContext,
  start: number,
  end: number,
  encoding: Encoding,
  { depth = 0, isEnd }: { readonly depth?: number; readonly isEnd?: (tag: number) => boolean } = {},
): { map: ElementMap; end: number } {
  if (depth > MAX_DEPTH) throw damagedDicom(context.source, `sequences within sequences, ${depth} deep`);
  const used = actualEncoding(context, start, end, encoding);
  const elements = new Map<number, Element>();
  let at = start;
  while (at < end) {
    const tag = tagAt(context, at, used.littleEndian);
    if (isEnd?.(tag) === true) break;
    const element = parseElement(context, tag, at, end, used, depth);
    elements.set(tag, element.value);
    at = element.end;
    if (depth === 0 && PIXELS.includes(tag)) break;
  }
  return { map: { elements, encoding: used, depth }, end: at };
}

/** Some writers announce explicit VR and write implicit, in the whole file or in a sequence, or the other way round. */
function actualEncoding(context: ParseContext, start: number, end: number, encoding: Encoding): Encoding {
  const isTooShort = start + 6 > end || tagAt(context, start, encoding.littleEndian) >= TAG.item;
  return isTooShort ? encoding : { ...encoding, explicit: looksExplicit(context, start) };
}

function parseElement(
  context: ParseContext,
  tag: number,
  at: number,
  end: number,
  encoding: Encoding,
  depth: number,
): { value: Element; end: number } {
  const { source } = context;
  if (--context.left < 0) {
    throw new ImageFormatError(
      'too-large',
      `${source}: more than ${MAX_ELEMENTS} DICOM elements`,
      'No image has so many; the file is damaged or made to do harm.',
    );
  }
  const { vr, length, offset } = elementHeader(context, tag, at, end, encoding);
  if (context.isHead && depth === 0 && PIXELS.includes(tag)) return { value: { vr, offset, length }, end };
  if (length === UNDEFINED_LENGTH) {
    if (PIXELS.includes(tag)) return openFragments(context, vr, offset, end, encoding);
    // What was written with an unknown VR is in implicit VR, whatever the rest of the file is (PS3.5, 6.2.2).
    const inner = vr === 'UN' ? { explicit: false, littleEndian: true } : encoding;
    const sequence = parseItems(context, offset, end, inner, { depth, isOpen: true });
    const value = { vr: 'SQ', offset, length: sequence.end - offset, items: sequence.items };
    return { value, end: sequence.end };
  }
  if (offset + length > end) {
    throw truncatedDicom(source, `${tagName(tag)} should have ${length} bytes and has ${end - offset}`);
  }
  return { value: { vr, offset, length }, end: offset + length };
}

function elementHeader(
  { source, bytes, view }: ParseContext,
  tag: number,
  at: number,
  end: number,
  { explicit, littleEndian }: Encoding,
): { vr: string; length: number; offset: number } {
  if (at + 8 > end) throw truncatedDicom(source, `within the head of ${tagName(tag)}`);
  if (!explicit || tag >= TAG.item) {
    return { vr: '', length: view.getUint32(at + 4, littleEndian), offset: at + 8 };
  }
  const vr = String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
  if (SHORT_VRS.has(vr)) return { vr, length: view.getUint16(at + 6, littleEndian), offset: at + 8 };
  if (!LONG_VRS.has(vr)) throw damagedDicom(source, `${tagName(tag)} has a type that does not exist`);
  if (at + 12 > end) throw truncatedDicom(source, `within the head of ${tagName(tag)}`);
  return { vr, length: view.getUint32(at + 8, littleEndian), offset: at + 12 };
}

/**
 * Reads the items of a sequence.
 *
 * @param options `isOpen`: of undefined length, so that a delimiter ends it
 */
export function parseItems(
  context: ParseContext,
  start: number,
  end: number,
  encoding: Encoding,
  { depth, isOpen }: { readonly depth: number; readonly isOpen: boolean },
): { items: readonly ElementMap[]; end: number } {
  const items: ElementMap[] = [];
  const inner = { depth: depth + 1 };
  let at = start;
  while (at < end) {
    const { tag, length, offset } = itemHeader(context, at, end, encoding);
    if (tag === TAG.sequenceEnd) return { items, end: offset };
    if (length === UNDEFINED_LENGTH) {
      const isEnd = (next: number): boolean => next === TAG.itemEnd;
      const item = parseElements(context, offset, end, encoding, { ...inner, isEnd });
      items.push(item.map);
      at = item.end + 8;
    } else {
      items.push(parseElements(context, offset, offset + length, encoding, inner).map);
      at = offset + length;
    }
  }
  if (isOpen) throw truncatedDicom(context.source, 'within a sequence');
  return { items, end: at };
}

/** Items of encapsulated pixel data. A missing delimiter at the very end does no harm to the pixels before it. */
function openFragments(
  context: ParseContext,
  vr: string,
  start: number,
  end: number,
  encoding: Encoding,
): { value: Element; end: number } {
  const fragments: ByteRange[] = [];
  let at = start;
  while (at < end) {
    const { tag, length, offset } = itemHeader(context, at, end, encoding);
    at = offset;
    if (tag === TAG.sequenceEnd) break;
    if (length === UNDEFINED_LENGTH)
      throw unsupportedDicom(context.source, 'pixel data in nested items', 'Export it again.');
    fragments.push({ offset, length });
    at += length;
  }
  return { value: { vr, offset: start, length: at - start, fragments }, end: at };
}

function itemHeader(
  context: ParseContext,
  at: number,
  end: number,
  { littleEndian }: Encoding,
): { tag: number; length: number; offset: number } {
  if (at + 8 > end) throw truncatedDicom(context.source, 'within the head of an item');
  const tag = tagAt(context, at, littleEndian);
  const length = context.view.getUint32(at + 4, littleEndian);
  const offset = at + 8;
  if (tag !== TAG.item && tag !== TAG.sequenceEnd) {
    throw damagedDicom(context.source, `${tagName(tag)} where the item of a sequence should start`);
  }
  if (tag === TAG.item && length !== UNDEFINED_LENGTH && offset + length > end) {
    throw truncatedDicom(context.source, `an item should have ${length} bytes and has ${end - offset}`);
  }
  if (--context.left < 0) throw damagedDicom(context.source, 'more items than any image has');
  return { tag, length, offset };
}
