import { WeightsError } from '../../errors.js';
import { crc32 } from './crc32.js';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Sizes of the three records without their texts. */
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const FOUR_GIBIBYTES = 0xffffffff;

/** One file of an archive, as the directory at its end describes it. */
interface Entry {
  readonly name: string;
  readonly checkSum: number;
  readonly size: number;
  /** Where its local record starts. */
  readonly at: number;
}

/**
 * A zip archive of stored (not compressed) files, such as `torch.save` writes. Its directory is checked when it is
 * opened: every file lies inside the archive, none overlaps another, and none is larger than what is there, so that
 * nothing that a directory claims is ever allocated. Files are views on the archive.
 */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, Entry>;
  /** Entries whose check sum was compared already: many tensors may lie in one file. */
  readonly #sound = new Set<Entry>();

  /** @throws {WeightsError} `truncated-file`, `damaged-archive` */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#entries = readDirectory(bytes);
  }

  /** Whether these bytes begin as an archive does. */
  static is(bytes: Uint8Array): boolean {
    return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === LOCAL;
  }

  /** Names of all files, in the directory's order. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** A file's bytes, its check sum compared, or undefined where there is no such file. @throws {WeightsError} `damaged-archive` */
  file(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const start = dataStart(viewOf(this.#bytes), entry);
    const content = this.#bytes.subarray(start, start + entry.size);
    if (!this.#sound.has(entry) && crc32(content) !== entry.checkSum) {
      throw damaged(`"${name}" does not have its check sum`);
    }
    this.#sound.add(entry);
    return content;
  }
}

function readDirectory(bytes: Uint8Array): Map<string, Entry> {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const [count, size, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (count === 0xffff || size === FOUR_GIBIBYTES || start === FOUR_GIBIBYTES) {
    throw damaged('it is a zip64 archive of more than 65535 files or 4 GiB, which no weights file here is');
  }
  if (start + size > end) throw damaged('its directory reaches beyond its end');
  if (count * CENTRAL_SIZE > size) throw damaged(`its directory is too small for ${count} files`);
  const entries = new Map<string, Entry>();
  let at = start;
  for (let i = 0; i < count; i++) {
    const { entry, next } = readEntry(bytes, view, at, start + size);
    if (entries.has(entry.name)) throw damaged(`it holds "${entry.name}" twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  checkPlaces(view, [...entries.values()], start);
  return entries;
}

/** The end record: the last bytes of the file but for a comment. */
function findEnd(view: DataView): number {
  const earliest = Math.max(0, view.byteLength - END_SIZE - LONGEST_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= earliest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    if (at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new WeightsError(
    'truncated-file',
    'zip archive: its end, where the directory lies, is missing',
    'The file is incomplete. Fetch or write it again.',
  );
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
): { entry: Entry; next: number } {
  if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL)
    throw damaged('its directory is broken');
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const nameEnd = at + CENTRAL_SIZE + view.getUint16(at + 28, true);
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) throw damaged('its directory is broken');
  const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_SIZE, nameEnd));
  if (flags & 1) throw damaged(`"${name}" is encrypted`);
  if (method !== 0 || packed !== size) {
    throw new WeightsError(
      'damaged-archive',
      `zip archive: "${name}" is compressed, torch.save compresses nothing`,
      'Unpack and save the weights again with torch.save: compressed archives are refused, as they can unpack to any size.',
    );
  }
  const entry = { name, size, checkSum: view.getUint32(at + 16, true), at: view.getUint32(at + 42, true) };
  return { entry, next };
}

/** No file reaches into the next one or into the directory. */
function checkPlaces(view: DataView, entries: readonly Entry[], directory: number): void {
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.at - b.at)) {
    if (entry.at < free) throw damaged(`"${entry.name}" overlaps another file`);
    if (entry.at + LOCAL_SIZE > directory || view.getUint32(entry.at, true) !== LOCAL) {
      throw damaged(`"${entry.name}" is not where the directory says`);
    }
    free = dataStart(view, entry) + entry.size;
    if (free > directory) throw damaged(`"${entry.name}" claims ${entry.size} bytes, which are not there`);
  }
}

function dataStart(view: DataView, { at }: Entry): number {
  return at + LOCAL_SIZE + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(what: string): WeightsError {
  return new WeightsError(
    'damaged-archive',
    `zip archive: ${what}`,
    'The file is damaged or was not written by torch.save. Fetch or write it again.',
  );
}
