import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  loadWeights,
  type ReadProgress,
  readWeights,
  saveWeights,
  type StateDict,
  weightsCacheFolder,
  writePytorchCheckpoint,
  writeSafetensors,
} from '../../src/index.js';

const dict: StateDict = new Map([
  ['a.weight', { dtype: 'float32', shape: [2, 1, 1, 2], data: Float32Array.of(1, -2, 3.5, 1e-30) }],
  ['half', { dtype: 'float16', shape: [3], data: Float32Array.of(0.5, 65504, -1) }],
  ['n', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) }],
]);
const metadata = { 'infnet.architecture': '{"x":1}' };
const file = writeSafetensors(dict, { metadata });
const integrity = `sha256-${createHash('sha256').update(file).digest('base64')}`;

let folder: string;
let base: string;
let requests = 0;
let served: Uint8Array = file;
const server = createServer((_, response) => {
  requests++;
  response.setHeader('content-length', served.length);
  response.end(served);
});
beforeAll(async () => {
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-load-'));
  vi.stubEnv('INFNET_CACHE', join(folder, 'cache'));
  [requests, served] = [0, file];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true });
});

const expectSame = (loaded: { dict: StateDict; metadata: object }): void => {
  expect([...loaded.dict]).toEqual([...dict]);
  expect(loaded.metadata).toEqual(metadata);
};

describe('files', () => {
  it.each([
    ['model.safetensors', 'safetensors'],
    ['model.pth', 'pytorch-zip'],
    ['model.pt', 'pytorch-zip'],
    ['model.json', 'tfjs'],
  ])('%s comes back, by path and by URL', async (name, format) => {
    const path = join(folder, name);
    await saveWeights(path, dict, { metadata });
    for (const source of [path, pathToFileURL(path), pathToFileURL(path).href]) {
      const loaded = await loadWeights(source);
      expect(loaded.format).toBe(format);
      expectSame(loaded);
    }
  });

  it('takes what the bytes are, not what the name says', async () => {
    await writeFile(join(folder, 'model.safetensors'), writePytorchCheckpoint(dict, { metadata }));
    expectSame(await loadWeights(join(folder, 'model.safetensors')));
    expectSame(await loadWeights(file));
  });

  it('holds a file against its hash, in base64 and in digits', async () => {
    const path = join(folder, 'w');
    await writeFile(path, file);
    expectSame(await loadWeights(path, { integrity }));
    const digits = createHash('sha256').update(file).digest('hex');
    expectSame(await loadWeights(path, { integrity: `sha256-${digits}` }));
    const other = integrity.replace(/.{6}=$/, 'AAAAAA=');
    await expect(loadWeights(path, { integrity: other })).rejects.toMatchObject({
      code: 'integrity-mismatch',
    });
    for (const wrong of ['', 'sha256-', 'sha256-abc', 'md5-abc', 'sha256-?']) {
      await expect(loadWeights(path, { integrity: wrong })).rejects.toMatchObject({
        code: 'unsupported-source',
      });
    }
  });
});

describe('the cache', () => {
  const url = (): string => `${base}/model.safetensors`;

  it('keeps what has a hash, and asks the server once', async () => {
    const events: ReadProgress[] = [];
    expectSame(await loadWeights(url(), { integrity, onProgress: (event) => events.push(event) }));
    expectSame(await loadWeights(url(), { integrity, onProgress: (event) => events.push(event) }));
    expect(requests).toBe(1);
    expect(events[0]!.type).toBe('download');
    expect(events.at(-1)).toEqual({ type: 'cached', loaded: file.length, total: file.length });
  });

  it('keeps nothing without being asked, and takes one of your own', async () => {
    await loadWeights(url());
    await loadWeights(url(), { integrity, cache: false });
    expect(requests).toBe(2);
    expect(await readdir(folder)).toEqual([]);
    const own = new Map<string, Uint8Array>();
    const cache = {
      match: (address: string) => Promise.resolve(own.get(address)),
      put: (address: string, bytes: Uint8Array) => Promise.resolve(void own.set(address, bytes)),
    };
    await loadWeights(url(), { cache });
    await loadWeights(url(), { cache });
    expect(requests).toBe(3);
    expect([...own.keys()]).toEqual([url()]);
  });

  it('sees damage, removes it, and downloads again', async () => {
    await loadWeights(url(), { cache: true });
    const [name] = await readdir(join(folder, 'cache'));
    const path = join(folder, 'cache', name!);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    expectSame(await loadWeights(url(), { cache: true }));
    expect(requests).toBe(2);
    expect(await readFile(path)).toEqual(Buffer.from(file));
  });

  it('replaces a file whose address now has another, where the hash says so', async () => {
    served = writeSafetensors(new Map());
    await loadWeights(url(), { cache: true });
    served = file;
    expectSame(await loadWeights(url(), { integrity }));
    expect(requests).toBe(2);
    expect(await readdir(join(folder, 'cache'))).toHaveLength(1);
  });

  it('keeps nothing that fails its hash or is aborted', async () => {
    served = writeSafetensors(new Map());
    await expect(loadWeights(url(), { integrity })).rejects.toMatchObject({ code: 'integrity-mismatch' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadWeights(url(), { cache: true, signal })).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual([]);
  });

  it('lies where the system wants it', () => {
    vi.stubEnv('INFNET_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', '/x');
    vi.stubEnv('LOCALAPPDATA', '/local');
    const on = (platform: string): string => {
      vi.stubGlobal('process', { ...process, env: process.env, platform });
      return weightsCacheFolder();
    };
    expect(on('linux')).toBe(join('/x', 'infnet'));
    expect(on('win32')).toBe(join('/local', 'infnet'));
    expect(on('darwin')).toBe(join(homedir(), 'Library', 'Caches', 'infnet'));
  });

  it('of a page is the Cache API, checked alike', async () => {
    const kept = new Map<string, Response>();
    const cache = {
      match: (address: string) => Promise.resolve(kept.get(address)?.clone()),
      put: (address: string, response: Response) => Promise.resolve(void kept.set(address, response)),
      delete: (address: string) => Promise.resolve(kept.delete(address)),
    };
    vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
    vi.stubGlobal('process', undefined);
    expectSame(await loadWeights(url(), { integrity }));
    expectSame(await loadWeights(url(), { integrity }));
    expect(requests).toBe(1);
    kept.set(url(), new Response('damaged', { headers: kept.get(url())!.headers }));
    expectSame(await loadWeights(url(), { integrity }));
    expect(requests).toBe(2);
  });
});

describe("TensorFlow.js's handlers", () => {
  it('keep and give all, and the topology says whose it is', async () => {
    let kept: tf.io.ModelArtifacts | undefined;
    const handler: tf.io.IOHandler = {
      save: (artifacts) => {
        kept = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      },
      load: () => Promise.resolve(kept!),
    };
    await saveWeights(handler, dict, { metadata });
    expect(kept).toMatchObject({
      modelTopology: { format: 'infnet-weights' },
      userDefinedMetadata: metadata,
    });
    expectSame(await loadWeights(handler));
    // The weights are what tf.io itself reads.
    const tensors = tf.io.decodeWeights(kept!.weightData!, kept!.weightSpecs!);
    expect(tensors['half']!.shape).toEqual([3]);
    expect(tensors['n']!.dtype).toBe('int32');
    tf.dispose(tensors);
  });

  it('of a scheme that this place lacks, and those that fail, are typed errors', async () => {
    await expect(loadWeights('indexeddb://model')).rejects.toMatchObject({ code: 'unsupported-source' });
    await expect(saveWeights('indexeddb://model', dict)).rejects.toMatchObject({
      code: 'unsupported-source',
    });
    await expect(loadWeights({})).rejects.toMatchObject({ code: 'file-not-readable' });
    const broken = {
      load: () => Promise.reject(new Error('no')),
      save: () => Promise.reject(new Error('no')),
    };
    await expect(loadWeights(broken)).rejects.toMatchObject({ code: 'file-not-readable' });
    await expect(saveWeights(broken, dict)).rejects.toMatchObject({ code: 'file-not-writable' });
    await expect(loadWeights(broken, { integrity })).rejects.toMatchObject({ code: 'unsupported-source' });
    const large: StateDict = new Map([
      ['n', { dtype: 'int64', shape: [], data: BigInt64Array.of(2n ** 40n) }],
    ]);
    await expect(saveWeights(broken, large)).rejects.toMatchObject({ code: 'invalid-tensor' });
  });

  it('registered for a scheme, as indexeddb is in a browser, are found', async () => {
    let kept: tf.io.ModelArtifacts | undefined;
    const router = (url: string | string[]): tf.io.IOHandler =>
      url === 'localstorage://here'
        ? {
            save: (artifacts) => {
              kept = artifacts;
              return Promise.resolve({
                modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
              });
            },
            load: () => Promise.resolve(kept!),
          }
        : (null as never);
    tf.io.registerSaveRouter(router);
    tf.io.registerLoadRouter(router);
    await saveWeights('localstorage://here', dict, { metadata });
    expectSame(await loadWeights('localstorage://here'));
  });

  const artifacts = (change: object): tf.io.IOHandler => ({
    load: () =>
      Promise.resolve({
        weightSpecs: [{ name: 'w', shape: [2], dtype: 'float32' }],
        weightData: new ArrayBuffer(8),
        ...change,
      } as tf.io.ModelArtifacts),
  });
  it.each([
    ['no weights', { weightData: undefined }, 'no-weights'],
    ['too few bytes', { weightData: new ArrayBuffer(4) }, 'damaged-layout'],
    ['too many bytes', { weightData: [new ArrayBuffer(8), new ArrayBuffer(8)] }, 'damaged-layout'],
    ['10 GB', { weightSpecs: [{ name: 'w', shape: [2 ** 40], dtype: 'float32' }] }, 'damaged-layout'],
    [
      'a shape that is none',
      { weightSpecs: [{ name: 'w', shape: [-1], dtype: 'float32' }] },
      'damaged-layout',
    ],
    ['texts', { weightSpecs: [{ name: 'w', shape: [2], dtype: 'string' }] }, 'unsupported-dtype'],
  ])('that give %s', async (_, change, code) => {
    await expect(loadWeights(artifacts(change))).rejects.toMatchObject({ code });
  });
});

describe('model.json', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no manifest', '{}'],
    ['null', 'null'],
    ['a file elsewhere', '{"weightsManifest":[{"paths":["../../etc/passwd"],"weights":[]}]}'],
    ['an address elsewhere', '{"weightsManifest":[{"paths":["https:evil"],"weights":[]}]}'],
    ['weights that are none', '{"weightsManifest":[{"paths":["w"],"weights":[null]}]}'],
  ])('%s is a typed error', async (_, text) => {
    await writeFile(join(folder, 'model.json'), text);
    await expect(loadWeights(join(folder, 'model.json'))).rejects.toMatchObject({ code: 'damaged-header' });
  });

  it('comes from a server with its weights beside it', async () => {
    await saveWeights(join(folder, 'model.json'), dict, { metadata });
    const files = createServer((request, response) => {
      void readFile(join(folder, request.url!.replace(/\?.*$/, ''))).then((bytes) => response.end(bytes));
    });
    await new Promise<void>((ready) => void files.listen(0, '127.0.0.1', ready));
    try {
      const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/model.json?version=2`;
      expectSame(await loadWeights(url));
      expectSame(await loadWeights(new URL(url)));
    } finally {
      files.closeAllConnections();
      files.close();
    }
  });
});

it('an aborted load rejects with the reason, whatever the source', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  for (const source of [
    file,
    join(folder, 'x'),
    `${base}/x`,
    { load: () => Promise.reject(new Error('late')) },
  ]) {
    await expect(loadWeights(source, { signal })).rejects.toThrow('enough');
  }
  expect(readWeights(file).format).toBe('safetensors');
});
