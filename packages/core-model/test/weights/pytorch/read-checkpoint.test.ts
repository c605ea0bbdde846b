import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPytorchCheckpoint, readPytorchCheckpointFile, readWeights } from '../../../src/index.js';
import { bytesOf, legacyCheckpoint, type Pickle, tensor, uint, zipCheckpoint } from './pickles.js';

const SIX = Float32Array.of(0, 1, -2.5, 3, 1e-30, 5);
const matrix = tensor({ type: 'Float', key: '0', length: 6, shape: [2, 3], strides: [3, 1] });
const fixture = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)));

describe('element types', () => {
  it.each([
    ['Float', SIX, 'float32', [...SIX]],
    ['Double', Float64Array.of(0.1, -1e300, 2), 'float32', [Math.fround(0.1), -Infinity, 2]],
    ['Half', Uint16Array.of(0x3e00, 0xc080, 0x0001), 'float16', [1.5, -2.25, 2 ** -24]],
    ['BFloat16', Uint16Array.of(0x3fc0, 0xc010, 0x7f80), 'float32', [1.5, -2.25, Infinity]],
    ['Long', BigInt64Array.of(-1n, 2n ** 40n), 'int64', [-1n, 2n ** 40n]],
    ['Int', Int32Array.of(-7, 8), 'int64', [-7n, 8n]],
    ['Short', Int16Array.of(-7, 8), 'int64', [-7n, 8n]],
    ['Char', Int8Array.of(-7, 8), 'int64', [-7n, 8n]],
    ['Byte', Uint8Array.of(7, 255), 'int64', [7n, 255n]],
    ['Bool', Uint8Array.of(0, 1), 'int64', [0n, 1n]],
  ])('%s, in both formats and both byte orders', (type, values, dtype, expected) => {
    const { length } = values;
    const root = (p: Pickle): void =>
      void p.dict({ x: tensor({ type, key: '0', length, shape: [length], strides: [1] }) });
    const content = bytesOf(values);
    const itemBytes = content.length / length;
    const swapped = Uint8Array.from(content);
    for (let i = 0; i < swapped.length; i += itemBytes) swapped.subarray(i, i + itemBytes).reverse();
    const order = (name: string) => [{ name: 'archive/byteorder', content: Buffer.from(name) }];
    for (const file of [
      zipCheckpoint(root, { 0: content }),
      zipCheckpoint(root, { 0: content }, order('little')),
      zipCheckpoint(root, { 0: swapped }, order('big')),
      legacyCheckpoint(root, [{ key: '0', content, itemBytes }]),
    ]) {
      const x = readPytorchCheckpoint(file).get('x')!;
      expect(x.dtype).toBe(dtype);
      expect([...x.data]).toEqual(expected);
    }
  });

  it('an untyped storage of PyTorch 2 takes its type from the tensor', () => {
    const root = (p: Pickle): void =>
      void p.dict({
        x: (q) => {
          q.global('torch._utils', '_rebuild_tensor_v3').tuple(
            (r) => {
              r.tuple(
                (s) => s.text('storage'),
                (s) => s.global('torch', 'UntypedStorage'),
                (s) => s.text('0'),
                (s) => s.text('cpu'),
                (s) => s.int(24),
              ).raw(0x51);
            },
            (r) => r.int(2),
            (r) => r.tuple((s) => s.int(3)),
            (r) => r.tuple((s) => s.int(1)),
            (r) => r.raw(0x89),
            (r) => r.raw(0x4e),
            (r) => r.global('torch', 'float32'),
          );
          q.reduce();
        },
      });
    expect([...readPytorchCheckpoint(zipCheckpoint(root, { 0: bytesOf(SIX) })).get('x')!.data]).toEqual([
      -2.5,
      3,
      Math.fround(1e-30),
    ]);
  });
});

describe('views', () => {
  const read = (spec: Omit<Parameters<typeof tensor>[0], 'type' | 'key' | 'length'>): number[] => {
    const root = (p: Pickle): void =>
      void p.dict({ x: tensor({ type: 'Float', key: '0', length: 6, ...spec }) });
    return [...readPytorchCheckpoint(zipCheckpoint(root, { 0: bytesOf(SIX) })).get('x')!.data].map(Number);
  };

  it('are copied row by row, whatever their strides', () => {
    expect(read({ shape: [3, 2], strides: [1, 3] })).toEqual([0, 3, 1, Math.fround(1e-30), -2.5, 5]);
    expect(read({ offset: 1, shape: [2], strides: [2] })).toEqual([1, 3]);
    expect(read({ offset: 4, shape: [1, 2], strides: [77, 1] })).toEqual([Math.fround(1e-30), 5]);
    expect(read({ offset: 5, shape: [], strides: [] })).toEqual([5]);
    expect(read({ shape: [0, 9], strides: [9, 1] })).toEqual([]);
  });

  it('may share a storage, and own their copies', () => {
    const file = zipCheckpoint((p) => void p.dict({ a: matrix, b: matrix }), { 0: bytesOf(SIX) });
    const dict = readPytorchCheckpoint(file);
    expect(dict.get('a')).toEqual(dict.get('b'));
    expect(dict.get('a')!.data.buffer).not.toBe(dict.get('b')!.data.buffer);
  });

  it('of the oldest files start where the view of the storage does', () => {
    const old = (p: Pickle): void =>
      void p.dict({
        x: (q) => {
          q.global('torch._utils', '_rebuild_tensor').tuple(
            (r) => {
              r.tuple(
                (s) => s.text('storage'),
                (s) => s.global('torch', 'FloatStorage'),
                (s) => s.text('k'),
                (s) => s.text('cpu'),
                (s) => s.int(6),
                (s) =>
                  s.tuple(
                    (t) => t.text('v'),
                    (t) => t.int(3),
                    (t) => t.int(3),
                  ),
              ).raw(0x51);
            },
            (r) => r.int(1),
            (r) => r.tuple((s) => s.int(2)),
            (r) => r.tuple((s) => s.int(1)),
          );
          q.reduce();
        },
      });
    const file = legacyCheckpoint(old, [{ key: 'k', content: bytesOf(SIX), itemBytes: 4 }]);
    expect([...readPytorchCheckpoint(file).get('x')!.data]).toEqual([Math.fround(1e-30), 5]);
  });
});

describe('where the state dict lies', () => {
  const storages = { 0: bytesOf(SIX) };
  const state = (p: Pickle): void => void p.dict({ 'module.w': matrix });
  const read = (root: (p: Pickle) => void): ReturnType<typeof readPytorchCheckpointFile> =>
    readPytorchCheckpointFile(zipCheckpoint(root, storages));

  it('the whole file, a usual key, a key in a key, or the only table of tensors', () => {
    expect(read(state).path).toEqual([]);
    expect(read((p) => void p.dict({ epoch: (q) => q.int(3), state_dict: state })).path).toEqual([
      'state_dict',
    ]);
    expect(read((p) => void p.dict({ model: (q) => q.dict({ net: state }) })).path).toEqual(['model', 'net']);
    expect(read((p) => void p.dict({ ema: state, lr: (q) => q.raw(0x4e) })).path).toEqual(['ema']);
  });

  it('a lone tensor beside a usual key is not taken for it', () => {
    expect([...read((p) => void p.dict({ best: matrix, model: state })).dict.keys()]).toEqual(['module.w']);
  });

  it('texts and numbers beside it are metadata', () => {
    const root = (p: Pickle): void =>
      void p.dict({ epoch: (q) => q.int(300), arch: (q) => q.text('inf-net'), state_dict: state });
    expect(read(root).metadata).toEqual({ epoch: '300', arch: 'inf-net' });
  });

  it('names lose the prefix of DataParallel where a reader wants names that fit', () => {
    expect([...readWeights(zipCheckpoint(state, storages)).dict.keys()]).toEqual(['w']);
    const mixed = (p: Pickle): void => void p.dict({ 'module.w': matrix, head: matrix });
    expect([...readWeights(zipCheckpoint(mixed, storages)).dict.keys()]).toEqual(['module.w', 'head']);
  });

  it('an OrderedDict of Python 2 and attributes of a state dict are understood', () => {
    const root = (p: Pickle): void => {
      p.global('collections', 'OrderedDict').tuple((q) => {
        q.raw(0x5d, 0x28, 0x5d, 0x28);
        matrix(q.raw(0x55, 1, 0x77)); // ['w', tensor]
        q.raw(0x65, 0x65);
      });
      p.reduce()
        .dict({ _metadata: (q) => q.raw(0x7d) })
        .raw(0x62);
    };
    expect([...read(root).dict.keys()]).toEqual(['w']);
  });
});

describe('files of PyTorch 1.13 itself', () => {
  it.each(['torch-zip.pth', 'torch-legacy.pth'])('%s', (name) => {
    const { dict, format, path, metadata } = readPytorchCheckpointFile(fixture(name));
    expect([format, path, metadata['epoch']]).toEqual([name.slice(6, -4), ['state_dict'], '3']);
    expect([...dict].map(([key, { dtype, shape }]) => [key, dtype, shape])).toEqual([
      ['module.conv.weight', 'float32', [2, 3, 2, 2]],
      ['module.turned', 'float32', [3, 2]],
      ['module.tied', 'float32', [2, 3]],
      ['module.half', 'float16', [2]],
      ['module.brain', 'float32', [2]],
      ['module.double', 'float32', [1]],
      ['module.bn.num_batches_tracked', 'int64', []],
      ['module.parameter', 'float32', [2]],
    ]);
    expect([...dict.get('module.conv.weight')!.data]).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect([...dict.get('module.turned')!.data]).toEqual([0, 3, 1, 4, 2, 5]);
    expect([...dict.get('module.tied')!.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...dict.get('module.half')!.data]).toEqual([1.5, -2.25]);
    expect([...dict.get('module.brain')!.data]).toEqual([1.5, -2.25]);
    expect([...dict.get('module.double')!.data]).toEqual([Math.fround(0.1)]);
    expect([...dict.get('module.bn.num_batches_tracked')!.data]).toEqual([7n]);
    expect([...dict.get('module.parameter')!.data]).toEqual([8, 9]);
  });
});

it('numbers of 8 bytes and long lists are read', () => {
  const root = (p: Pickle): void =>
    void p.dict({
      state_dict: (q) => q.dict({ w: matrix }),
      step: (q) => q.raw(0x8a, 5, ...uint(2 ** 34, 5)),
      rate: (q) => q.raw(0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0),
    });
  const { metadata } = readPytorchCheckpointFile(zipCheckpoint(root, { 0: bytesOf(SIX) }));
  expect(metadata).toEqual({ step: String(2 ** 34), rate: '1.5' });
});
