import { WeightsError } from '../errors.js';
import { elementCount } from './state-dict.js';
import type { StateTensor } from './state-dict.js';

type Dtype = StateTensor['dtype'];

/** One tensor of a file: `begin` and `end` are bytes from the start of the data, which follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Name, dtype and shape of a tensor that has no place in a file yet. */
export type UnplacedTensor = Pick<TensorEntry, 'name' | 'dtype' | 'shape'>;

const FILE_DTYPES = { F32: 'float32', F16: 'float16', I64: 'int64' } as const;
const DTYPES = {
  float32: { code: 'F32', bytes: 4 },
  float16: { code: 'F16', bytes: 2 },
  int64: { code: 'I64', bytes: 8 },
} as const;

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;
const DAMAGED = 'The file is damaged or is no safetensors file. Fetch or write it again.';

const damagedHeader = (what: string, cause?: unknown): WeightsError =>
  new WeightsError('damaged-header', `safetensors header: ${what}`, DAMAGED, { cause });
const damagedLayout = (what: string): WeightsError =>
  new WeightsError('damaged-layout', `safetensors layout: ${what}`, DAMAGED);

/** Reads and checks the header of a whole safetensors file; allocates nothing in proportion to what it claims. */
export function readHeader(bytes: Uint8Array): {
  entries: TensorEntry[];
  metadata: Record<string, string>;
  dataStart: number;
} {
  const dataStart = 8 + headerSize(bytes);
  const fields = Object.entries(parseHeader(bytes.subarray(8, dataStart)));
  const metadata: Record<string, string> = {};
  const entries: TensorEntry[] = [];
  for (const [name, value] of fields) {
    if (name === '__metadata__') Object.assign(metadata, checkMetadata(value));
    else entries.push(checkEntry(name, value));
  }
  checkLayout(entries, bytes.length - dataStart);
  return { entries, metadata, dataStart };
}

function headerSize(bytes: Uint8Array): number {
  if (bytes.length < 8) {
    throw new WeightsError(
      'truncated-file',
      `safetensors: the file has ${bytes.length} bytes, at least 8 are needed`,
      DAMAGED,
    );
  }
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (size > MAX_HEADER_BYTES)
    throw damagedHeader(`claims ${size} bytes, the format allows ${MAX_HEADER_BYTES}`);
  if (size > bytes.length - 8) {
    throw new WeightsError(
      'truncated-file',
      `safetensors: the header claims ${size} bytes, the file has ${bytes.length - 8} after the first 8`,
      DAMAGED,
    );
  }
  return size;
}

function parseHeader(raw: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw));
  } catch (cause) {
    throw damagedHeader('is not UTF-8 JSON', cause);
  }
  if (!isRecord(header)) throw damagedHeader('is not a JSON object');
  return header;
}

function checkMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw damagedHeader('__metadata__ is not a table of texts');
  }
  return value as Record<string, string>;
}

function checkEntry(name: string, value: unknown): TensorEntry {
  if (!isRecord(value)) throw damagedHeader(`tensor "${name}" is not described by an object`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  if (typeof code !== 'string') throw damagedHeader(`tensor "${name}" has no dtype`);
  if (!isSizes(shape)) throw damagedHeader(`tensor "${name}" has no valid shape`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw damagedHeader(`tensor "${name}" has no valid data_offsets`);
  if (!Object.hasOwn(FILE_DTYPES, code)) {
    throw new WeightsError(
      'unsupported-dtype',
      `tensor "${name}" has dtype ${code}; F32, F16 and I64 are read`,
      'Convert the weights to float32 before saving them, for example with `.float()` in PyTorch.',
    );
  }
  const dtype = FILE_DTYPES[code as keyof typeof FILE_DTYPES];
  const [begin, end] = offsets as [number, number];
  const size = elementCount(shape) * DTYPES[dtype].bytes;
  if (end - begin !== size) {
    throw damagedLayout(
      `tensor "${name}" of shape [${shape.join(', ')}] needs ${size} bytes, it is given ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must tile the data: no gap, no overlap, nothing left over. */
function checkLayout(entries: readonly TensorEntry[], dataSize: number): void {
  let reached = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) {
      throw damagedLayout(`tensor "${name}" starts at byte ${begin}, the one before it ends at ${reached}`);
    }
    reached = end;
  }
  if (reached > dataSize) {
    throw new WeightsError(
      'truncated-file',
      `safetensors: the tensors take ${reached} bytes, the file has ${dataSize}`,
      DAMAGED,
    );
  }
  if (reached < dataSize) throw damagedLayout(`${dataSize - reached} bytes at the end belong to no tensor`);
}

/** Places tensors one after the other, widest dtype first and otherwise in the given order; entries keep that order. */
export function layOut(tensors: readonly UnplacedTensor[]): { entries: TensorEntry[]; dataSize: number } {
  const entries: TensorEntry[] = [];
  let dataSize = 0;
  for (const wanted of ['int64', 'float32', 'float16'] as const) {
    tensors.forEach(({ name, dtype, shape }, i) => {
      if (dtype !== wanted) return;
      const end = dataSize + elementCount(shape) * DTYPES[dtype].bytes;
      entries[i] = { name, dtype, shape, begin: dataSize, end };
      dataSize = end;
    });
  }
  return { entries, dataSize };
}

/** The first bytes of a file: length, JSON, and spaces up to a multiple of 8. */
export function encodeHeader(
  entries: readonly TensorEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const fields: [string, unknown][] = entries.map(({ name, dtype, shape, begin, end }) => {
    if (name === '__metadata__') {
      throw new WeightsError(
        'invalid-tensor',
        'a tensor cannot be named "__metadata__"',
        'Rename the tensor.',
      );
    }
    return [name, { dtype: DTYPES[dtype].code, shape, data_offsets: [begin, end] }];
  });
  if (Object.keys(metadata).length > 0) fields.unshift(['__metadata__', metadata]);
  const body = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  const json = new TextEncoder().encode(`{${body}}`);
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}
