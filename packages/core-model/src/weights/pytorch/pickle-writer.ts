/** Writes the few kinds of value that a state dict consists of, pickle protocol 2. */
export class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];

  /** The finished pickle. */
  finish(): Uint8Array {
    return Uint8Array.from([...this.#bytes, 0x2e]);
  }

  /** `module.name`. */
  global(module: string, name: string): this {
    this.#bytes.push(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`));
    return this;
  }

  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    return this.#opcode(0x58).#uint32(encoded.length).#raw(encoded);
  }

  /** A whole number from 0 to 2^53. */
  integer(value: number): this {
    if (value < 0x80000000) return this.#opcode(0x4a).#uint32(value);
    return this.#opcode(0x8a, 8)
      .#uint32(value % 2 ** 32)
      .#uint32(Math.floor(value / 2 ** 32));
  }

  false(): this {
    return this.#opcode(0x89);
  }

  /** Begins a tuple, the items of a dict, or the arguments of a call. */
  mark(): this {
    return this.#opcode(0x28);
  }

  /** Ends a tuple. */
  tuple(): this {
    return this.#opcode(0x74);
  }

  integers(values: readonly number[]): this {
    this.mark();
    for (const value of values) this.integer(value);
    return this.tuple();
  }

  /** Calls the function below the tuple on top. */
  call(): this {
    return this.#opcode(0x52);
  }

  /** Puts the keys and values since the mark into the dict below it. */
  setItems(): this {
    return this.#opcode(0x75);
  }

  /** Makes the tuple on top the name of something outside the pickle. */
  persistentId(): this {
    return this.#opcode(0x51);
  }

  #opcode(...bytes: number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }

  #uint32(value: number): this {
    return this.#opcode(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  }

  #raw(content: Uint8Array): this {
    for (const byte of content) this.#bytes.push(byte);
    return this;
  }
}
