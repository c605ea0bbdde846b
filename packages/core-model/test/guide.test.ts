import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InfNet, readWeights, type StateDict, writePytorchCheckpoint } from '../src/index.js';

const guide = readFileSync(new URL('../../../docs/guide/how-to/weights.md', import.meta.url), 'utf8');
const programs = [...guide.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code!);
/** In a folder that git does not see, below the packages that the programs import. */
const folder = fileURLToPath(new URL(`../node_modules/.guide-${process.pid}/`, import.meta.url));

let base: string;
let file: Uint8Array;
const server = createServer((_, response) => void response.end(file));

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  await tf.setBackend('wasm');
  using model = InfNet.create({ width: 0.25, channels: 8, blocks: [1, 1, 1, 1] });
  const dict = await model.stateDict();
  file = writePytorchCheckpoint(dict);
  writeFileSync(`${folder}Inf-Net-100.pth`, file);
  using whole = InfNet.create();
  const imageNet: StateDict = new Map();
  for (const [name, tensor] of await whole.stateDict()) {
    if (name.startsWith('resnet.')) imageNet.set(name.slice(7), tensor);
  }
  writeFileSync(`${folder}res2net50_v1b_26w_4s.pth`, writePytorchCheckpoint(imageNet));
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program of the guide as Node would, the package taken from its sources. */
async function run(code: string, name: string): Promise<string> {
  const outfile = `${folder}${name}.mjs`;
  await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['@infnet/source'],
    external: ['@tensorflow/*'],
    alias: { '@infnet/core-model': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
    logLevel: 'silent',
  });
  const env = {
    ...process.env,
    MODEL_URL: `${base}/model.pth`,
    MODEL_INTEGRITY: `sha256-${createHash('sha256').update(file).digest('base64')}`,
    INFNET_CACHE: `${folder}cache`,
  };
  return (await promisify(execFile)(process.execPath, [outfile], { cwd: folder, env })).stdout;
}

it('the programs of the guide to weights run as they stand, one after the other', async () => {
  expect(programs).toHaveLength(4);
  const [first, backbone, remote, onnx] = programs as [string, string, string, string];
  expect(await run(first, 'first')).toMatch(/^res2net50 \d+\n$/);
  const [half, back] = ['inf-net.safetensors', 'back.pth'].map((name) =>
    readWeights(readFileSync(folder + name)),
  );
  expect(half!.dict.get('resnet.bn1.weight')!.dtype).toBe('float16');
  expect([...back!.dict.keys()]).toEqual([...readWeights(file).dict.keys()]);
  expect(await run(backbone, 'backbone')).toBe('');
  expect(await run(remote, 'remote')).toMatch(/^download \d+/);
  expect(await run(remote, 'remote')).toMatch(/^cached \d+ \d+\n$/);
  await run(onnx, 'onnx');
  expect(readFileSync(`${folder}inf-net.onnx`).includes('probability')).toBe(true);
});
