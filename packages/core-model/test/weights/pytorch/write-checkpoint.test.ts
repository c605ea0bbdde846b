import { describe, expect, it } from 'vitest';
import {
  readPytorchCheckpoint,
  readPytorchCheckpointFile,
  readWeights,
  type StateDict,
  WeightsError,
  writePytorchCheckpoint,
  writeSafetensors,
} from '../../../src/index.js';
import { crc32 } from '../../../src/weights/pytorch/crc32.js';

const dict: StateDict = new Map([
  ['a.weight', { dtype: 'float32', shape: [2, 1, 1, 2], data: Float32Array.of(1, -2, 3.5, NaN) }],
  ['ä', { dtype: 'float16', shape: [2], data: Float32Array.of(0.5, 65504) }],
  ['n', { dtype: 'int64', shape: [], data: BigInt64Array.of(-(2n ** 60n)) }],
  ['none', { dtype: 'float32', shape: [0, 3], data: new Float32Array() }],
]);

describe('a written checkpoint', () => {
  it('comes back equal, in its order, with its metadata', () => {
    const file = readPytorchCheckpointFile(
      writePytorchCheckpoint(dict, { metadata: { made: 'ä "quoted"\n' } }),
    );
    expect([...file.dict]).toEqual([...dict]);
    expect(file).toMatchObject({ format: 'zip', path: [], metadata: { made: 'ä "quoted"\n' } });
  });

  it('has the same bytes for the same input, and tensors at multiples of 64', () => {
    const file = Buffer.from(writePytorchCheckpoint(dict));
    expect(file.equals(writePytorchCheckpoint(dict))).toBe(true);
    const { data } = dict.get('a.weight')!;
    expect(file.indexOf(new Uint8Array(data.buffer)) % 64).toBe(0);
  });

  it('stores float16 where asked, and refuses what that cannot hold', () => {
    const half = readPytorchCheckpoint(writePytorchCheckpoint(dict, { dtype: 'float16' }));
    expect(half.get('a.weight')!.dtype).toBe('float16');
    expect(half.get('n')!.dtype).toBe('int64');
    const large: StateDict = new Map([['x', { dtype: 'float32', shape: [1], data: Float32Array.of(1e6) }]]);
    expect(() => writePytorchCheckpoint(large, { dtype: 'float16' })).toThrow(WeightsError);
    expect(() =>
      writePytorchCheckpoint(new Map([['x', { ...large.get('x')!, shape: [2] }]]) as StateDict),
    ).toThrow(WeightsError);
  });

  it('is told from safetensors by its bytes', () => {
    expect(readWeights(writePytorchCheckpoint(dict)).format).toBe('pytorch-zip');
    expect(readWeights(writeSafetensors(dict)).format).toBe('safetensors');
    expect([...readWeights(writeSafetensors(dict)).dict]).toEqual([...dict]);
    expect(() => readWeights(Buffer.from('hello'))).toThrow(WeightsError);
  });
});

it("crc32 is the standard's, on and off the multiple of eight", () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.from('The quick brown fox jumps over the lazy dog'))).toBe(0x414fa339);
  expect(crc32(new Uint8Array())).toBe(0);
});
