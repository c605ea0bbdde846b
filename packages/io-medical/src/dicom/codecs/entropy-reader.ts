/**
 * Reads bits of a JPEG's entropy-coded data: stuffed zeros left out, up to the next marker. Beyond it bits are 0, and
 * {@link isExhausted} tells that some were taken.
 */
export class EntropyReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  /** How many bits of `#bits` are not yet taken, at most 24, and how many of these lie beyond the end. */
  #count = 0;
  #beyond = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Whether more bits were taken than there are. */
  get isExhausted(): boolean {
    return this.#count < this.#beyond;
  }

  /** The next 16 bits, which stay. */
  peek(): number {
    while (this.#count <= 16) this.#fill();
    return (this.#bits >>> (this.#count - 16)) & 0xffff;
  }

  /** Passes over up to 16 bits that {@link peek} has shown. */
  skip(count: number): void {
    this.#count -= count;
  }

  /** Takes up to 15 bits as a number. */
  take(count: number): number {
    const bits = this.peek() >>> (16 - count);
    this.#count -= count;
    return bits;
  }

  /** Leaves what remains of the byte and passes over a marker, if one of these is next. */
  passMarker(first: number, last: number): boolean {
    const marker = this.#bytes[this.#at + 1] ?? 0;
    if (this.#bytes[this.#at] !== 0xff || marker < first || marker > last) return false;
    this.#at += 2;
    this.#count = 0;
    this.#beyond = 0;
    return true;
  }

  #fill(): void {
    const byte = this.#bytes[this.#at];
    const isData = byte !== undefined && (byte !== 0xff || this.#bytes[this.#at + 1] === 0);
    if (isData) this.#at += byte === 0xff ? 2 : 1;
    else this.#beyond += 8;
    this.#bits = (this.#bits << 8) | (isData ? byte : 0);
    this.#count += 8;
  }
}
