import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/errors.js';
import { readSafetensors, readSafetensorsFile, writeSafetensors } from '../../src/weights/safetensors.js';
import { elementCount } from '../../src/weights/state-dict.js';
import type { StateDict, StateTensor } from '../../src/weights/state-dict.js';
import { fromFloat16, toFloat16 } from '../../src/weights/float16.js';
import { readGoldenKeys, readGoldenTensors } from '../golden-files.js';
import { hash, unit } from '../golden-scheme.js';

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/${name}`, import.meta.url)));

/** A file from a header as given and `dataSize` bytes of data. */
function fileOf(header: unknown, dataSize: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataSize);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const f32 = (shape: number[], from: number, to: number): object => ({
  dtype: 'F32',
  shape,
  data_offsets: [from, to],
});

function headerOf(
  bytes: Uint8Array,
): Record<string, { dtype: string; shape: number[]; data_offsets: number[] }> {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as never;
}

/** A state dict with every dtype, odd lengths, a scalar, an empty tensor and awkward names. */
function randomDict(seed: number): StateDict {
  const draw = (i: number, below: number): number => hash(`dict:${seed}`, i) % below;
  const dict: StateDict = new Map();
  for (let t = 0; t < 12; t++) {
    const shape = Array.from({ length: draw(t, 5) }, (_, d) => draw(100 + 10 * t + d, 5));
    const length = shape.reduce((a, b) => a * b, 1);
    const name = ['plain.weight', '__proto__', 'quote " and \\', 'ümlaut 肺', ''][t] ?? `tensor.${t}`;
    const kind = draw(50 + t, 3);
    const values = Float32Array.from({ length }, (_, i) => unit(`dict:${seed}:${t}`, i));
    const tensor: StateTensor =
      kind === 0
        ? { dtype: 'int64', shape, data: BigInt64Array.from({ length }, (_, i) => BigInt(i) - 2n ** 40n) }
        : kind === 1
          ? { dtype: 'float16', shape, data: fromFloat16(toFloat16(values)) }
          : { dtype: 'float32', shape, data: values };
    dict.set(name, tensor);
  }
  return dict;
}

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof WeightsError && error.hint.length > 0) return error.code;
    throw error;
  }
  return 'no error';
};

describe('safetensors round trip', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('state dict %i comes back equal, in its order', (seed) => {
    const dict = randomDict(seed);
    const metadata = { model: 'inf-net', text: 'ä "quoted"\n' };
    const file = readSafetensorsFile(writeSafetensors(dict, { metadata }));
    expect([...file.dict]).toEqual([...dict]);
    expect(file.metadata).toEqual(metadata);
  });

  it('writes the same bytes for the same input', () => {
    expect(writeSafetensors(randomDict(1))).toEqual(writeSafetensors(randomDict(1)));
  });

  it('reads from a view that is not aligned, and its tensors are copies', () => {
    const bytes = writeSafetensors(randomDict(3));
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    const dict = readSafetensors(shifted);
    shifted.fill(255);
    expect([...dict]).toEqual([...randomDict(3)]);
  });

  it('pads the header to 8 bytes and aligns every tensor to its elements', () => {
    const bytes = writeSafetensors(randomDict(2));
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    const width: Record<string, number> = { I64: 8, F32: 4, F16: 2 };
    for (const { dtype, data_offsets } of Object.values(headerOf(bytes))) {
      expect(data_offsets[0]! % width[dtype]!).toBe(0);
    }
  });

  it('an empty dict is a file too', () => {
    expect(readSafetensors(writeSafetensors(new Map())).size).toBe(0);
  });

  it('float16 halves the size and rounds to nearest even; int64 stays', () => {
    const data = Float32Array.of(1, 1 / 3, 2049, 65504);
    const dict: StateDict = new Map<string, StateTensor>([
      ['w', { dtype: 'float32', shape: [4], data }],
      ['n', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) }],
    ]);
    const back = readSafetensors(writeSafetensors(dict, { dtype: 'float16' }));
    expect(back.get('w')).toEqual({
      dtype: 'float16',
      shape: [4],
      data: Float32Array.of(1, 0.333251953125, 2048, 65504),
    });
    expect(back.get('n')).toEqual(dict.get('n'));
  });

  it('has the names, shapes, dtypes and order of the reference for a whole Res2Net50 Inf-Net', () => {
    const keys = readGoldenKeys('res2net50');
    const dict: StateDict = new Map(
      keys.map(({ name, shape, dtype }) => [
        name,
        dtype === 'int64'
          ? { dtype, shape, data: BigInt64Array.of(0n) }
          : { dtype, shape, data: new Float32Array(elementCount(shape)) },
      ]),
    );
    const codes = { float32: 'F32', int64: 'I64' };
    const rows = Object.entries(headerOf(writeSafetensors(dict))).map(([name, { dtype, shape }]) => [
      name,
      shape,
      dtype,
    ]);
    expect(rows).toHaveLength(946);
    expect(rows).toEqual(keys.map(({ name, shape, dtype }) => [name, shape, codes[dtype]]));
  });

  it('reads a file that another program wrote', () => {
    const name = 'optim-bn.safetensors';
    const dict = readSafetensors(golden(name));
    const expected = readGoldenTensors(name);
    expect(new Set(dict.keys())).toEqual(new Set(expected.names));
    for (const [key, tensor] of dict) expect(tensor).toMatchObject(expected.tensor(key));
  });
});

describe('safetensors refuses', () => {
  it.each<[string, string, Uint8Array]>([
    ['an empty file', 'truncated-file', new Uint8Array()],
    ['7 bytes', 'truncated-file', new Uint8Array(7)],
    ['a header longer than the file', 'truncated-file', fileOf('{}', 0).subarray(0, 9)],
    ['a header of 2^63 bytes', 'damaged-header', new Uint8Array([0, 0, 0, 0, 0, 0, 0, 128, 123, 125])],
    ['a header that is not JSON', 'damaged-header', fileOf('{"a":', 0)],
    ['a header that is not UTF-8', 'damaged-header', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe])],
    ['a header that is a list', 'damaged-header', fileOf([], 0)],
    ['a header that is null', 'damaged-header', fileOf('null', 0)],
    ['a tensor that is a number', 'damaged-header', fileOf({ a: 3 }, 0)],
    ['a tensor without dtype', 'damaged-header', fileOf({ a: { shape: [], data_offsets: [0, 4] } }, 4)],
    ['a negative side', 'damaged-header', fileOf({ a: f32([-1, -1], 0, 4) }, 4)],
    ['a fractional side', 'damaged-header', fileOf({ a: f32([0.5, 2], 0, 4) }, 4)],
    [
      'a side that is text',
      'damaged-header',
      fileOf('{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}', 4),
    ],
    [
      'three offsets',
      'damaged-header',
      fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}', 8),
    ],
    ['metadata that is not text', 'damaged-header', fileOf({ __metadata__: { a: 1 } }, 0)],
    ['float64', 'unsupported-dtype', fileOf({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8)],
    [
      'a dtype named like an object method',
      'unsupported-dtype',
      fileOf({ a: { dtype: 'toString', shape: [], data_offsets: [0, 4] } }, 4),
    ],
    ['too few bytes for the shape', 'damaged-layout', fileOf({ a: f32([2], 0, 4) }, 4)],
    ['offsets that run backwards', 'damaged-layout', fileOf({ a: f32([], 4, 0) }, 4)],
    ['a shape whose product overflows', 'damaged-layout', fileOf({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4)],
    [
      'a huge tensor that the file does not hold',
      'truncated-file',
      fileOf({ a: f32([2 ** 40], 0, 2 ** 42) }, 4),
    ],
    ['overlap', 'damaged-layout', fileOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12)],
    ['two tensors on the same bytes', 'damaged-layout', fileOf({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4)],
    ['a gap', 'damaged-layout', fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)],
    ['bytes left over', 'damaged-layout', fileOf({ a: f32([1], 0, 4) }, 8)],
    ['data cut short', 'truncated-file', fileOf({ a: f32([2], 0, 8) }, 7)],
  ])('%s', (_, code, bytes) => {
    expect(codeOf(() => readSafetensors(bytes))).toBe(code);
  });

  it('every truncation of a file', () => {
    const bytes = writeSafetensors(randomDict(4), { metadata: { a: 'b' } });
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => readSafetensors(bytes.subarray(0, length)))).toBe('truncated-file');
    }
  });

  it('or reads, but never fails otherwise, when any one header byte is changed', () => {
    const bytes = writeSafetensors(randomDict(5), { metadata: { a: 'b' } });
    const dataStart = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 0; at < dataStart; at++) {
      for (const mutant of [0, 0x22, 0x2d, 0x30, 0x39, 0x7d, 0xff]) {
        const changed = bytes.slice();
        changed[at] = mutant;
        codeOf(() => readSafetensors(changed)); // rethrows whatever is not a WeightsError
      }
    }
    expect(codeOf(() => readSafetensors(bytes))).toBe('no error');
  });
});

describe('writeSafetensors refuses', () => {
  const write = (name: string, tensor: StateTensor, dtype?: 'float16'): string =>
    codeOf(() => writeSafetensors(new Map([[name, tensor]]), dtype ? { dtype } : {}));
  const one = new Float32Array(1);

  it('values that do not fit the shape', () => {
    expect(write('w', { dtype: 'float32', shape: [2], data: one })).toBe('invalid-tensor');
  });

  it('sides that are no sizes', () => {
    expect(write('w', { dtype: 'float32', shape: [-1, -1], data: one })).toBe('invalid-tensor');
  });

  it('values of another type than the dtype', () => {
    expect(write('w', { dtype: 'int64', shape: [1], data: one } as never)).toBe('invalid-tensor');
  });

  it('the reserved name', () => {
    expect(write('__metadata__', { dtype: 'float32', shape: [1], data: one })).toBe('invalid-tensor');
  });

  it('a finite value that float16 cannot hold, but not an infinite one', () => {
    const of = (value: number): StateTensor => ({
      dtype: 'float32',
      shape: [],
      data: Float32Array.of(value),
    });
    expect(write('w', of(65520), 'float16')).toBe('invalid-tensor');
    expect(write('w', of(Infinity), 'float16')).toBe('no error');
  });
});
