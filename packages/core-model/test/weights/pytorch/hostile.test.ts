import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InfNetError, readPytorchCheckpoint, WeightsError } from '../../../src/index.js';
import { bytesOf, legacyCheckpoint, Pickle, tensor, uint, zip, zipCheckpoint } from './pickles.js';

const SIX = Float32Array.of(0, 1, 2, 3, 4, 5);
const storages = { 0: bytesOf(SIX) };
const good = { type: 'Float', key: '0', length: 6, shape: [2, 3], strides: [3, 1] } as const;
const state = (p: Pickle): void => void p.dict({ w: tensor(good) });

/** The code of the typed error that reading ends in. */
function codeOf(bytes: Uint8Array): string {
  try {
    readPytorchCheckpoint(bytes);
  } catch (error) {
    if (error instanceof WeightsError && error.hint.length > 0) return error.code;
    throw error;
  }
  return 'no error';
}

describe('a file that wants something run', () => {
  const command = (p: Pickle): void => {
    p.global('os', 'system').tuple((q) => q.text('touch owned'));
    p.reduce();
  };

  it.each([
    ['os.system by REDUCE', command],
    ['inside a dict of weights', (p: Pickle) => void p.dict({ w: tensor(good), x: command })],
    [
      'builtins.eval',
      (p: Pickle) =>
        void p
          .global('builtins', 'eval')
          .tuple((q) => q.text('1'))
          .reduce(),
    ],
    ['posix.system by STACK_GLOBAL', (p: Pickle) => void p.text('posix').text('system').raw(0x93)],
    ['subprocess.Popen by NEWOBJ', (p: Pickle) => void p.global('subprocess', 'Popen').raw(0x29, 0x81)],
    ['a getter of attributes', (p: Pickle) => void p.global('builtins', 'getattr')],
    ['a name of JavaScript', (p: Pickle) => void p.global('constructor', 'constructor')],
    ['a user class', (p: Pickle) => void p.global('models.net', 'InfNet').raw(0x29, 0x81)],
  ])('%s', (_, root) => {
    expect(codeOf(zipCheckpoint(root, storages))).toBe('forbidden-global');
    expect(codeOf(legacyCheckpoint(root, []))).toBe('forbidden-global');
  });

  it('an INST opcode, which makes an object by itself, is not known at all', () => {
    const inst = (p: Pickle): void => void p.raw(0x28, 0x69, ...Buffer.from('os\nsystem\n'));
    expect(codeOf(zipCheckpoint(inst, storages))).toBe('damaged-pickle');
  });

  it('the message says that nothing was run, and bears no control characters', () => {
    const root = (p: Pickle): void => void p.global('o\u001b[31ms', 'x'.repeat(300));
    expect(() => readPytorchCheckpoint(zipCheckpoint(root, {}))).toThrow(/nothing was run/);
    expect(() => readPytorchCheckpoint(zipCheckpoint(root, {}))).toThrow(/ o\?\?31ms\.x{60}\.\.\./);
  });

  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const hasPython = spawnSync(python, ['-c', 'pass']).status === 0;
  it.skipIf(!hasPython)('a real one, made by Python (skipped without Python)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'infnet-'));
    const witness = join(folder, 'owned');
    const program = `
import os, pickle, sys
class Bad:
    def __reduce__(self):
        return (os.system, ('touch ' + sys.argv[1],))
sys.stdout.buffer.write(pickle.dumps({'w': Bad()}, protocol=2))`;
    const { stdout } = spawnSync(python, ['-c', program, witness]);
    const file = zip([{ name: 'archive/data.pkl', content: stdout }]);
    expect(codeOf(file)).toBe('forbidden-global');
    expect(existsSync(witness)).toBe(false);
    // The proof that the proof is one: Python itself runs it.
    writeFileSync(join(folder, 'bad.pkl'), stdout);
    spawnSync(python, [
      '-c',
      'import pickle, sys; pickle.load(open(sys.argv[1], "rb"))',
      join(folder, 'bad.pkl'),
    ]);
    expect(existsSync(witness)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('sizes that are not there', () => {
  const TEN_GB = 10 * 2 ** 30;

  it('a storage of 10 GB', () => {
    const claims = { ...good, length: TEN_GB / 4, shape: [TEN_GB / 4], strides: [1] };
    const root = (p: Pickle): void => void p.dict({ w: tensor(claims) });
    expect(codeOf(zipCheckpoint(root, storages))).toBe('oversized');
    const quiet = (p: Pickle): void => void p.dict({ w: tensor({ ...good, length: TEN_GB / 4 }) });
    expect(codeOf(zipCheckpoint(quiet, storages))).toBe('truncated-file');
    const legacy = legacyCheckpoint(state, [{ key: '0', content: storages[0], itemBytes: 4 }]);
    legacy.set(uint(TEN_GB / 4, 8), legacy.length - 32);
    expect(codeOf(legacy)).toBe('truncated-file');
    legacy.set([255, 255, 255, 255, 255, 255, 255, 255], legacy.length - 32);
    expect(codeOf(legacy)).toBe('truncated-file');
  });

  it('a zip bomb: a compressed file, and a directory that claims more than there is', () => {
    const data = { name: 'archive/data.pkl', content: Buffer.from('x') };
    expect(codeOf(zip([{ ...data, method: 8, claimedSize: 0xfffffff0 }]))).toBe('damaged-archive');
    expect(codeOf(zip([{ ...data, claimedSize: 0xfffffff0 }]))).toBe('damaged-archive');
  });

  it('a zip bomb of files that overlap', () => {
    const file = Buffer.from(zipCheckpoint(state, storages));
    const second = file.indexOf(Buffer.of(0x50, 0x4b, 1, 2), file.indexOf(Buffer.of(0x50, 0x4b, 1, 2)) + 1);
    file.writeUInt32LE(0, second + 42); // the second file begins where the first does
    expect(codeOf(file)).toBe('damaged-archive');
  });

  it('a view that repeats a few values a billion times, or reaches beyond its storage', () => {
    const read = (spec: object): string =>
      codeOf(zipCheckpoint((p) => void p.dict({ w: tensor({ ...good, ...spec }) }), storages));
    expect(read({ shape: [2 ** 30], strides: [0] })).toBe('oversized');
    expect(read({ shape: [7], strides: [0] })).toBe('damaged-pickle');
    expect(read({ shape: [2 ** 52, 2 ** 52, 0], strides: [1, 1, 1] })).toBe('no error');
    expect(read({ shape: [0, 2 ** 52, 2 ** 52], strides: [1, 1, 1] })).toBe('no error');
    expect(read({ shape: Array(50).fill(2 ** 52), strides: Array(50).fill(1) })).toBe('oversized');
    expect(read({ offset: 1 })).toBe('damaged-pickle');
    expect(read({ offset: 2 ** 50 })).toBe('damaged-pickle');
    expect(read({ strides: [2 ** 52, 2 ** 52] })).toBe('damaged-pickle');
  });

  it('a hundred thousand views of one storage', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`w${i}`, tensor(good)]));
    expect(codeOf(zipCheckpoint((p) => void p.dict(many), storages))).toBe('no error');
    const all = { ...good, length: 20_000, shape: [20_000], strides: [1] };
    const root = (p: Pickle): void => {
      p.raw(0x7d, 0x28);
      tensor(all)(p.text('first'));
      p.raw(0x71, 0); // noted, and recalled from here on
      for (let i = 0; i < 100_000; i++) p.text(`${i}`).raw(0x68, 0);
      p.raw(0x75);
    };
    const file = zipCheckpoint(root, { 0: new Uint8Array(80_000) });
    expect(codeOf(file)).toBe('oversized');
  });
});

describe('pickles that are no data', () => {
  it.each([
    ['empty', []],
    ['ends in the middle of a number', [0x4a, 1]],
    ['ends in the middle of a text', [0x58, 255, 255, 255, 255]],
    ['text of 2^63 bytes', [0x8d, 255, 255, 255, 255, 255, 255, 255, 127]],
    ['number of 2^31 bytes', [0x8b, 255, 255, 255, 127]],
    ['takes what is not there', [0x30]],
    ['takes from below a mark', [0x4e, 0x28, 0x30]],
    ['closes a group that is not open', [0x74]],
    ['recalls what it never noted', [0x6a, 255, 255, 255, 255]],
    ['a dict with a key and no value', [0x7d, 0x28, 0x4e, 0x75]],
    ['appends to None', [0x4e, 0x4e, 0x61]],
    ['calls None', [0x4e, 0x29, 0x52]],
    ['storage that is no tuple', [0x4e, 0x51]],
    ['persistent id that is no storage', [0x29, 0x51]],
    ['name without an end', [0x63, 0x6f, 0x73]],
    ['unknown opcode', [0xff]],
    ['leaves values over', [0x4e, 0x4e]],
  ])('%s', (_, bytes) => {
    expect(codeOf(zipCheckpoint((p) => void p.raw(...bytes), {}))).toBe('damaged-pickle');
  });

  it('hold themselves', () => {
    const self = (p: Pickle): void => void p.raw(0x7d, 0x71, 0).text('state_dict').raw(0x68, 0, 0x73);
    expect(codeOf(zipCheckpoint(self, {}))).toBe('no-weights');
    expect(codeOf(legacyCheckpoint(self, []))).toBe('no-weights');
  });

  it('lists of lists of lists: each of them twice the one before, which would be 2^200 items', () => {
    const doubled = (p: Pickle): void => {
      p.raw(0x5d, 0x71, 0);
      for (let i = 1; i <= 200; i++) p.raw(0x5d, 0x71, i, 0x68, i - 1, 0x61, 0x68, i - 1, 0x61);
    };
    const root = (p: Pickle): void => {
      doubled(p);
      p.raw(0x28).raw(0x31, 0x30); // everything below the list is dropped one by one
    };
    expect(codeOf(legacyCheckpoint((p) => doubled(p), []))).toBe('damaged-pickle');
    expect(codeOf(zipCheckpoint(root, {}))).toBe('damaged-pickle');
    const nested = (p: Pickle): void => {
      p.raw(0x5d, 0x71, 0);
      for (let i = 1; i <= 200; i++) p.raw(0x68, i - 1, 0x68, i - 1, 0x86, 0x71, i, 0x30);
    };
    expect(codeOf(legacyCheckpoint(nested, []))).toBe('no-weights');
  });

  it('100,000 groups in one another', () => {
    const deep = (p: Pickle): void => void p.raw(...Array<number>(100_000).fill(0x28));
    expect(codeOf(zipCheckpoint(deep, {}))).toBe('damaged-pickle');
    const lists = (p: Pickle): void => {
      for (let i = 0; i < 100_000; i++) p.raw(0x5d);
      for (let i = 1; i < 100_000; i++) p.raw(0x61);
    };
    expect(codeOf(zipCheckpoint(lists, {}))).toBe('no-weights');
    expect(codeOf(legacyCheckpoint(lists, []))).toBe('no-weights');
  });

  it('go on for ever', () => {
    const bytes = new Uint8Array(5_000_000).fill(0x4e);
    const file = zip([{ name: 'archive/data.pkl', content: bytes }]);
    expect(codeOf(file)).toBe('oversized');
  });
});

describe('files that are something else', () => {
  it.each([
    ['no bytes', new Uint8Array()],
    ['a text', Buffer.from('hello')],
    ['a bare pickle', new Pickle().protocol().raw(0x4e).stop()],
  ])('%s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('unknown-format');
  });

  it('an archive without weights, a TorchScript program, a whole network', () => {
    expect(codeOf(zip([{ name: 'a.txt', content: Buffer.from('x') }]))).toBe('damaged-pickle');
    const script = { name: 'archive/constants.pkl', content: Buffer.from('x') };
    expect(codeOf(zipCheckpoint(state, storages, [script]))).toBe('damaged-pickle');
    const network = (p: Pickle): void =>
      void p
        .tuple(
          (q) => q.text('module'),
          (q) => q.raw(0x4e),
        )
        .raw(0x51);
    expect(codeOf(legacyCheckpoint(network, []))).toBe('forbidden-global');
    expect(codeOf(zipCheckpoint((p) => void p.dict({ epoch: (q) => q.int(1) }), {}))).toBe('no-weights');
  });

  it('numbers that are not real', () => {
    const root = (p: Pickle): void => void p.dict({ w: tensor({ ...good, type: 'ComplexFloat' }) });
    expect(codeOf(zipCheckpoint(root, storages))).toBe('unsupported-dtype');
  });
});

describe('damage', () => {
  const real = (name: string): Uint8Array =>
    readFileSync(fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)));
  const files = {
    zip: zipCheckpoint(state, storages),
    legacy: legacyCheckpoint(state, [{ key: '0', content: storages[0], itemBytes: 4 }]),
    'zip of PyTorch': real('torch-zip.pth'),
    'legacy of PyTorch': real('torch-legacy.pth'),
  };

  it.each(Object.entries(files))('a %s file cut anywhere is a typed error', (_, file) => {
    for (let length = 0; length < file.length; length += 1 + Math.floor(file.length / 300)) {
      expect(codeOf(file.subarray(0, length)), `${length} bytes`).not.toBe('no error');
    }
  });

  it.each(Object.entries(files))('200 mutants of a %s file read, or fail with a typed error', (_, file) => {
    let random = 1;
    const next = (below: number): number => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      return Math.floor((random / 2 ** 32) * below);
    };
    let failed = 0;
    for (let i = 0; i < 200; i++) {
      const mutant = Uint8Array.from(file);
      for (let change = 0; change <= next(4); change++) mutant[next(mutant.length)] = next(256);
      try {
        readPytorchCheckpoint(mutant);
      } catch (error) {
        if (!(error instanceof InfNetError)) throw new Error(`mutant ${i}`, { cause: error });
        failed++;
      }
    }
    expect(failed).toBeGreaterThan(20);
  });

  it('a byte of a tensor changed: the check sum of a zip archive notices', () => {
    const file = Buffer.from(files.zip);
    const at = file.indexOf(storages[0]);
    file[at + 5]! ^= 1;
    expect(codeOf(file)).toBe('damaged-archive');
  });
});
