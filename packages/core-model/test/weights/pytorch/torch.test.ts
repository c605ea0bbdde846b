import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readPytorchCheckpointFile,
  readWeights,
  type StateDict,
  writePytorchCheckpoint,
  writeSafetensors,
} from '../../../src/index.js';
import { readGoldenJson, readGoldenKeys } from '../../golden-files.js';

/** Debian's Python finds Debian's PyTorch; another one may come first on the path. */
const python = ['/usr/bin/python3', 'python3'].find(
  (path) => (path === 'python3' || existsSync(path)) && spawnSync(path, ['-c', 'import torch']).status === 0,
);
const script = fileURLToPath(new URL('formula_checkpoints.py', import.meta.url));
const keys = fileURLToPath(new URL('../../golden/keys-res2net50.json', import.meta.url));

function run(...args: string[]): void {
  const { status, stderr } = spawnSync(python!, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** SHA-256 over all tensors but the counters, in order: what generator.json has for the formula weights. */
function digestOf(dict: StateDict): { tensors: number; elements: number; sha256: string } {
  const digest = createHash('sha256');
  let [tensors, elements] = [0, 0];
  for (const { data } of dict.values()) {
    if (data instanceof BigInt64Array) continue;
    digest.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    tensors++;
    elements += data.length;
  }
  return { tensors, elements, sha256: digest.digest('hex') };
}

const { res2net50 } = readGoldenJson<{
  all_weights_sha256: Record<string, ReturnType<typeof digestOf>>;
}>('generator.json').all_weights_sha256;

describe.skipIf(!python)('PyTorch, the formula weights of Inf-Net (skipped without PyTorch)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'infnet-torch-'));
    run('make', keys, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['zip', 'legacy'])('its %s file holds, tensor by tensor, what the golden hashes say', (format) => {
    const file = readPytorchCheckpointFile(readFileSync(join(folder, `${format}.pth`)));
    expect(file.format).toBe(format);
    expect(digestOf(file.dict)).toEqual(res2net50);
    expect([...file.dict].map(([name, { shape, dtype }]) => ({ name, shape, dtype }))).toEqual(
      readGoldenKeys('res2net50'),
    );
  });

  it('a file of several GPUs, with epoch and `module.`, holds the same', () => {
    const { dict, metadata } = readWeights(readFileSync(join(folder, 'wrapped.pth')));
    expect(digestOf(dict)).toEqual(res2net50);
    expect(metadata).toEqual({ epoch: '99' });
  });

  it('half precision comes back as such', () => {
    const { dict } = readWeights(readFileSync(join(folder, 'half.pth')));
    const { dict: whole } = readWeights(readFileSync(join(folder, 'zip.pth')));
    const { dtype, data } = dict.get('resnet.conv1.0.weight')!;
    expect(dtype).toBe('float16');
    const near = Array.from(data as Float32Array, (value, i) => {
      const full = Number(whole.get('resnet.conv1.0.weight')!.data[i]);
      return Math.abs(value - full) <= Math.abs(full) / 2048;
    });
    expect(near.every(Boolean)).toBe(true);
  });

  it('loads our safetensors and our .pth strictly, every tensor equal', () => {
    const { dict } = readWeights(readFileSync(join(folder, 'legacy.pth')));
    const files = ['ours.safetensors', 'ours.pth'].map((name) => join(folder, name));
    writeFileSync(files[0]!, writeSafetensors(dict, { metadata: { made: 'by a test' } }));
    writeFileSync(files[1]!, writePytorchCheckpoint(dict, { metadata: { made: 'by a test' } }));
    expect(() => run('check', keys, ...files)).not.toThrow();
  });
});
