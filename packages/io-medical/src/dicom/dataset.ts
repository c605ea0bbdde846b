import { type ByteRange, type Element, type ElementMap, parseItems, type ParseContext } from './elements.js';

/** Elements of a file, or of an item within it, by tag. What is missing or unreadable is `undefined`. */
export class Dataset {
  readonly #context: ParseContext;
  readonly #map: ElementMap;

  constructor(context: ParseContext, map: ElementMap) {
    this.#context = context;
    this.#map = map;
  }

  /** Name of the file, for messages. */
  get source(): string {
    return this.#context.source;
  }

  get littleEndian(): boolean {
    return this.#map.encoding.littleEndian;
  }

  has(tag: number): boolean {
    return (this.#map.elements.get(tag)?.length ?? 0) > 0;
  }

  element(tag: number): Element | undefined {
    return this.#map.elements.get(tag);
  }

  /** The bytes of a stretch of the file, not copied. */
  bytes({ offset, length }: ByteRange): Uint8Array {
    return this.#context.bytes.subarray(offset, offset + length);
  }

  /** Text without the padding around it, one character for each byte; `undefined` where there is none. */
  text(tag: number): string | undefined {
    const element = this.element(tag);
    if (element === undefined || element.length === 0 || element.items !== undefined) return undefined;
    let text = '';
    for (const byte of this.bytes(element)) text += String.fromCharCode(byte);
    text = text.replaceAll('\0', ' ').trim();
    return text === '' ? undefined : text;
  }

  /** The values of a text that backslashes divide. */
  texts(tag: number): readonly string[] {
    return (
      this.text(tag)
        ?.split('\\')
        .map((part) => part.trim()) ?? []
    );
  }

  /** Numbers written as text (DS, IS); empty where one of them is none. */
  decimals(tag: number): readonly number[] {
    const numbers = this.texts(tag).map((part) => (part === '' ? NaN : Number(part)));
    return numbers.every(Number.isFinite) ? numbers : [];
  }

  /** The first of {@link decimals}. */
  decimal(tag: number): number | undefined {
    return this.decimals(tag)[0];
  }

  /** Whole numbers of 16 bits (US, SS). */
  words(tag: number, { signed = false }: { readonly signed?: boolean } = {}): readonly number[] {
    const element = this.element(tag);
    if (element === undefined || element.items !== undefined) return [];
    const { view } = this.#context;
    return Array.from({ length: Math.floor(element.length / 2) }, (_, i) =>
      signed
        ? view.getInt16(element.offset + 2 * i, this.littleEndian)
        : view.getUint16(element.offset + 2 * i, this.littleEndian),
    );
  }

  /** The first of {@link words}. */
  word(tag: number): number | undefined {
    return this.words(tag)[0];
  }

  /** Whole numbers of 64 bits (OV); beyond 2^53 they are not exact, and beyond every file. */
  longs(tag: number): readonly number[] {
    const element = this.element(tag);
    if (element === undefined || element.items !== undefined) return [];
    const { view } = this.#context;
    return Array.from({ length: Math.floor(element.length / 8) }, (_, i) =>
      Number(view.getBigUint64(element.offset + 8 * i, this.littleEndian)),
    );
  }

  /** Items of a sequence; empty where there is none. */
  items(tag: number): readonly Dataset[] {
    const element = this.element(tag);
    if (element === undefined) return [];
    const { encoding, depth } = this.#map;
    const inner = element.vr === 'UN' ? { explicit: false, littleEndian: true } : encoding;
    const items =
      element.items ??
      parseItems(this.#context, element.offset, element.offset + element.length, inner, {
        depth,
        isOpen: false,
      }).items;
    return items.map((item) => new Dataset(this.#context, item));
  }

  /** The first item of a sequence. */
  item(tag: number): Dataset | undefined {
    return this.items(tag)[0];
  }
}
