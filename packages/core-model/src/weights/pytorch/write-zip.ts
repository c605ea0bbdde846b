import { WeightsError } from '../../errors.js';
import { crc32 } from './crc32.js';

/** A file to put into an archive. */
export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
}

/** PyTorch maps tensors straight from the archive, for which they start at multiples of this. */
const ALIGNMENT = 64;
/** 1980-01-01: the same input gives the same bytes. */
const DATE = 0x21;

/** An archive of stored files, each aligned to 64 bytes by a field ("FB", as PyTorch's) that readers pass over. */
export function writeZip(members: readonly ZipMember[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  let at = 0;
  const placed = members.map(({ name, content }) => {
    const encodedName = encoder.encode(name);
    const header = at + 30 + encodedName.length + 4;
    const filling = (ALIGNMENT - (header % ALIGNMENT)) % ALIGNMENT;
    const member = { name: encodedName, content, at, filling, checkSum: crc32(content) };
    at = header + filling + content.length;
    return member;
  });
  const directory = at;
  const size = placed.reduce((sum, { name }) => sum + 46 + name.length, 0);
  const total = directory + size + 22;
  if (total > 0xffffffff || members.length > 0xfffe) {
    throw new WeightsError(
      'oversized',
      `a checkpoint of ${total} bytes and ${members.length} files is more than a zip archive holds`,
      'Write it as safetensors.',
    );
  }
  const file = new Uint8Array(total);
  const writer = new RecordWriter(file);
  for (const { name, content, filling, checkSum } of placed) {
    writer.uint32(0x04034b50).uint16(0, 0, 0, 0, DATE).uint32(checkSum, content.length, content.length);
    writer.uint16(name.length, filling + 4).raw(name);
    writer.uint16(0x4246, filling).skip(filling).raw(content);
  }
  for (const { name, content, checkSum, at: place } of placed) {
    writer.uint32(0x02014b50).uint16(0, 0, 0, 0, 0, DATE).uint32(checkSum, content.length, content.length);
    writer.uint16(name.length, 0, 0, 0, 0).uint32(0, place).raw(name);
  }
  writer.uint32(0x06054b50).uint16(0, 0, placed.length, placed.length).uint32(size, directory).uint16(0);
  return file;
}

/** Little-endian fields, one after the other. */
class RecordWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  uint16(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
    return this;
  }

  uint32(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  raw(content: Uint8Array): this {
    this.#bytes.set(content, this.#at);
    return this.skip(content.length);
  }

  skip(length: number): this {
    this.#at += length;
    return this;
  }
}
