import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBytes, writeBytes } from '../../src/weights/files.js';
import type { ReadProgress } from '../../src/weights/files.js';

const content = Uint8Array.from({ length: 9_000_001 }, (_, i) => (i * 7) & 255);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-files-'));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true });
});

async function withServer(
  handler: Parameters<typeof createServer>[1],
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(handler as never);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/weights`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('local files', () => {
  it('reads what it wrote, by path and by file URL, with progress up to the end', async () => {
    const path = join(folder, 'a b.safetensors');
    await writeBytes(path, content);
    const events: ReadProgress[] = [];
    const back = await readBytes(pathToFileURL(path), { onProgress: (event) => events.push(event) });
    expect(Buffer.compare(back, content)).toBe(0);
    expect(Buffer.compare(await readBytes(pathToFileURL(path).href), content)).toBe(0);
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toEqual({ type: 'read', loaded: content.length, total: content.length });
  });

  it('replaces a file and leaves nothing else behind', async () => {
    const path = join(folder, 'w');
    await writeFile(path, 'old');
    await writeBytes(path, Uint8Array.of(1, 2));
    expect([...(await readFile(path))]).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['w']);
  });

  it('an aborted write keeps the old file and leaves nothing else behind', async () => {
    const path = join(folder, 'w');
    await writeFile(path, 'old');
    const abort = new AbortController();
    const writing = writeBytes(path, content, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(writing).rejects.toThrow('enough');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['w']);
  });

  it('an aborted read rejects with the reason', async () => {
    const path = join(folder, 'w');
    await writeFile(path, content);
    const abort = new AbortController();
    const onProgress = (): void => abort.abort(new Error('enough'));
    await expect(readBytes(path, { signal: abort.signal, onProgress })).rejects.toThrow('enough');
  });

  it('names the file that cannot be read or written', async () => {
    const missing = join(folder, 'no', 'such');
    await expect(readBytes(missing)).rejects.toMatchObject({
      code: 'file-not-readable',
      message: expect.stringContaining(missing) as string,
    });
    await expect(writeBytes(missing, content)).rejects.toMatchObject({
      code: 'file-not-writable',
      message: expect.stringContaining(missing) as string,
    });
    await expect(readBytes(folder)).rejects.toMatchObject({ code: 'file-not-readable' });
  });

  it('hands bytes back and writes to no URL', async () => {
    expect(await readBytes(content)).toBe(content);
    await expect(writeBytes('https://example.org/w', content)).rejects.toMatchObject({
      code: 'unsupported-source',
    });
  });
});

describe('downloads', () => {
  it('gives the bytes, with progress and total', async () => {
    const answer = (_: unknown, response: import('node:http').ServerResponse): void => {
      response.setHeader('content-length', content.length);
      response.end(content);
    };
    await withServer(answer, async (url) => {
      const events: ReadProgress[] = [];
      const bytes = await readBytes(url, { onProgress: (event) => events.push(event) });
      expect(Buffer.compare(bytes, content)).toBe(0);
      expect(events.at(-1)).toEqual({ type: 'download', loaded: content.length, total: content.length });
    });
  });

  it('a missing file, a cut connection and an unreachable server are typed errors', async () => {
    const refuse = (_: unknown, response: import('node:http').ServerResponse): void => {
      response.statusCode = 404;
      response.end();
    };
    await withServer(refuse, async (url) => {
      await expect(readBytes(url)).rejects.toMatchObject({
        code: 'file-not-readable',
        message: expect.stringContaining('404') as string,
      });
    });
    const cut = (_: unknown, response: import('node:http').ServerResponse): void => {
      response.setHeader('content-length', 100);
      response.write('begin', () => response.destroy());
    };
    await withServer(cut, async (url) => {
      await expect(readBytes(url)).rejects.toMatchObject({ code: 'file-not-readable' });
    });
    await expect(readBytes('http://127.0.0.1:1/w')).rejects.toMatchObject({ code: 'file-not-readable' });
  });

  it('can be aborted half-way', async () => {
    const stall = (_: unknown, response: import('node:http').ServerResponse): void => {
      response.write('begin');
    };
    await withServer(stall, async (url) => {
      const abort = new AbortController();
      const onProgress = (): void => abort.abort(new Error('enough'));
      await expect(readBytes(url, { signal: abort.signal, onProgress })).rejects.toThrow('enough');
    });
  });

  it('a page takes texts as URLs and cannot write', async () => {
    vi.stubGlobal('process', undefined);
    expect([...(await readBytes('data:application/octet-stream;base64,AQID'))]).toEqual([1, 2, 3]);
    await expect(writeBytes('w', content)).rejects.toMatchObject({ code: 'unsupported-source' });
  });
});
