/**
 * Checkpoints written for tests by hand, apart from the package's own writer: a fault that reader and writer share
 * cannot hide, and no Python is needed.
 */

/** A pickle opcode by opcode. */
export class Pickle {
  readonly bytes: number[] = [];

  raw(...bytes: number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  protocol(version = 2): this {
    return this.raw(0x80, version);
  }

  global(module: string, name: string): this {
    return this.raw(0x63, ...Buffer.from(`${module}\n${name}\n`));
  }

  text(value: string): this {
    const utf8 = Buffer.from(value);
    return this.raw(0x58, ...uint(utf8.length, 4), ...utf8);
  }

  int(value: number): this {
    if (value >= 0 && value < 256) return this.raw(0x4b, value);
    return value < 2 ** 31 ? this.raw(0x4a, ...uint(value, 4)) : this.raw(0x8a, 8, ...uint(value, 8));
  }

  tuple(...parts: ((pickle: this) => void)[]): this {
    this.raw(0x28);
    for (const part of parts) part(this);
    return this.raw(0x74);
  }

  reduce(): this {
    return this.raw(0x52);
  }

  /** A dict whose values are written by the given functions. */
  dict(entries: Readonly<Record<string, (pickle: Pickle) => void>>): this {
    this.raw(0x7d, 0x28);
    for (const [key, value] of Object.entries(entries)) value(this.text(key));
    return this.raw(0x75);
  }

  stop(): Uint8Array {
    return Uint8Array.from([...this.bytes, 0x2e]);
  }
}

/** `value` in so many bytes, little endian. */
export function uint(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

export interface TensorSpec {
  readonly storage: string;
  /** `Float`, `Half`, ... */
  readonly type: string;
  readonly key: string;
  readonly length: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Pushes what `torch.save` writes for a tensor. */
export function tensor({
  type,
  key,
  length,
  offset = 0,
  shape,
  strides,
}: Omit<TensorSpec, 'storage'>): (pickle: Pickle) => void {
  const integers =
    (values: readonly number[]): ((pickle: Pickle) => void) =>
    (pickle) =>
      void pickle.tuple(...values.map((value) => (inner: Pickle) => void inner.int(value)));
  return (pickle) => {
    pickle.global('torch._utils', '_rebuild_tensor_v2').tuple(
      (p) => {
        p.tuple(
          (q) => q.text('storage'),
          (q) => q.global('torch', `${type}Storage`),
          (q) => q.text(key),
          (q) => q.text('cuda:0'),
          (q) => q.int(length),
        ).raw(0x51);
      },
      (p) => p.int(offset),
      integers(shape),
      integers(strides),
      (p) => p.raw(0x89),
      (p) => {
        p.global('collections', 'OrderedDict').raw(0x29).reduce();
      },
    );
    pickle.reduce();
  };
}

export interface StoredFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** Fields to falsify, in the local record and in the directory. */
  readonly method?: number;
  readonly claimedSize?: number;
}

/** A zip archive as the format's description has it, with the check sums of Node's own. */
export function zip(files: readonly StoredFile[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, content, method = 0, claimedSize = content.length } of files) {
    const sizes = [...uint(bitwiseCrc(content), 4), ...uint(content.length, 4), ...uint(claimedSize, 4)];
    const encoded = Buffer.from(name);
    const common = [
      ...uint(0, 2),
      ...uint(method, 2),
      ...uint(0, 4),
      ...sizes,
      ...uint(encoded.length, 2),
      0,
      0,
    ];
    const local = Uint8Array.from([0x50, 0x4b, 3, 4, ...uint(20, 2), ...common, ...encoded]);
    directory.push(
      Uint8Array.from([
        0x50,
        0x4b,
        1,
        2,
        ...uint(20, 2),
        ...uint(20, 2),
        ...common,
        ...Array<number>(10).fill(0),
        ...uint(at, 4),
        ...encoded,
      ]),
    );
    locals.push(local, content);
    at += local.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...uint(files.length, 2), ...uint(files.length, 2)];
  return Buffer.concat([
    ...locals,
    ...directory,
    Uint8Array.from([...end, ...uint(size, 4), ...uint(at, 4), 0, 0]),
  ]);
}

/** CRC-32 bit by bit, from its definition. */
function bitwiseCrc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

/** A zip checkpoint: an object and its storages. */
export function zipCheckpoint(
  root: (pickle: Pickle) => void,
  storages: Readonly<Record<string, Uint8Array>>,
  more: readonly StoredFile[] = [],
): Uint8Array {
  const pickle = new Pickle().protocol();
  root(pickle);
  return zip([
    { name: 'archive/data.pkl', content: pickle.stop() },
    ...Object.entries(storages).map(([key, content]) => ({ name: `archive/data/${key}`, content })),
    ...more,
    { name: 'archive/version', content: Buffer.from('3\n') },
  ]);
}

/** A legacy checkpoint; `itemBytes` turns the storages' bytes into counts. */
export function legacyCheckpoint(
  root: (pickle: Pickle) => void,
  storages: readonly { readonly key: string; readonly content: Uint8Array; readonly itemBytes: number }[],
): Uint8Array {
  const magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  const object = new Pickle().protocol();
  root(object);
  const keys = new Pickle().protocol().raw(0x5d, 0x28);
  for (const { key } of storages) keys.text(key);
  return Buffer.concat([
    new Pickle()
      .protocol()
      .raw(0x8a, 10, ...magic)
      .stop(),
    new Pickle()
      .protocol()
      .raw(0x4d, ...uint(1001, 2))
      .stop(),
    new Pickle()
      .protocol()
      .dict({ little_endian: (pickle) => pickle.raw(0x88) })
      .stop(),
    object.stop(),
    keys.raw(0x65).stop(),
    ...storages.flatMap(({ content, itemBytes }) => [
      Uint8Array.from(uint(content.length / itemBytes, 8)),
      content,
    ]),
  ]);
}

/** The bytes of a typed array. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
