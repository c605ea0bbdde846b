import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImageInput } from '../../src/source/input.js';
import { openSource } from '../../src/source/open-source.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = temporaryFolder();
const CONTENT = new TextEncoder().encode('the bytes of a file');
const inFolder = (name: string): string => join(folder, name);

beforeAll(() => {
  mkdirSync(inFolder('series/inner'), { recursive: true });
  writeFileSync(inFolder('series/head.mhd'), CONTENT);
  writeFileSync(inFolder('series/inner/data.raw'), 'inner');
  writeFileSync(inFolder('secret.raw'), 'secret');
  symlinkSync(inFolder('secret.raw'), inFolder('series/link.raw'));
});

let server: Server;
let origin = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/slow.bin') response.write('first');
    else if (request.url?.startsWith('/a/head.mhd') === true) response.end(CONTENT);
    else if (request.url === '/a/b%20c.raw') response.end('beside');
    else response.writeHead(request.url === '/broken.bin' ? 500 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
}

describe('openSource', () => {
  const inputs: [string, () => ImageInput, string][] = [
    ['a path', () => inFolder('series/head.mhd'), 'head.mhd'],
    ['a file URL', () => pathToFileURL(inFolder('series/head.mhd')), 'head.mhd'],
    ['a file URL as text', () => pathToFileURL(inFolder('series/head.mhd')).href, 'head.mhd'],
    ['an http URL', () => `${origin}/a/head.mhd?key=private#part`, '/a/head.mhd'],
    ['a data URL', () => `data:;base64,${Buffer.from(CONTENT).toString('base64')}`, 'data URL'],
    ['a Uint8Array', () => CONTENT, 'image'],
    ['a Buffer', () => Buffer.concat([Buffer.from('xx'), CONTENT]).subarray(2), 'image'],
    ['an ArrayBuffer', () => CONTENT.buffer, 'image'],
    ['a Blob', () => new Blob([CONTENT]), 'image'],
    ['a File', () => new File([CONTENT], 'scan.nii'), 'scan.nii'],
    ['a stream', () => new Blob([CONTENT]).stream(), 'image'],
    ['a list of one', () => [{ name: 'scan.nii', bytes: CONTENT }], 'scan.nii'],
    ['a header in a list', () => [new File(['data'], 'x.raw'), new File([CONTENT], 'x.mhd')], 'x.mhd'],
  ];

  it.each(inputs)('reads %s', async (_, input, name) => {
    const source = await openSource(input());
    expect(source.bytes).toEqual(CONTENT);
    expect(source.bytes.constructor).toBe(Uint8Array);
    expect(source.name.endsWith(name)).toBe(true);
    expect((await openSource(input(), { name: 'given' })).name).toBe('given');
  });

  it('says of in-memory bytes alone that they are not its own', async () => {
    expect((await openSource(CONTENT)).owned).toBe(false);
    expect((await openSource(new Blob([CONTENT]))).owned).toBe(true);
  });

  it.each(inputs)('holds %s to the limit', async (_, input) => {
    const limits = { maxFileBytes: CONTENT.length - 1 };
    expect(await failure(openSource(input(), { limits }))).toMatchObject({ code: 'too-large' });
    expect((await openSource(input(), { limits: { maxFileBytes: CONTENT.length } })).bytes).toHaveLength(19);
  });

  it.each(inputs)('does not begin with %s where the signal has fired', async (_, input) => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    expect(await failure(openSource(input(), { signal }))).toBe(reason);
  });

  it('lets go of a download and of a stream when the signal fires', async () => {
    for (const input of [`${origin}/slow.bin`, new ReadableStream<Uint8Array>({})]) {
      const reason = new Error('enough');
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort(reason);
      }, 30);
      expect(await failure(openSource(input, { signal: controller.signal }))).toBe(reason);
    }
  });

  it('drops an endless stream at the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const limits = { maxFileBytes: 10_000 };
    expect(await failure(openSource(endless, { limits }))).toMatchObject({ code: 'too-large' });
    expect(pulled).toBeLessThan(20);
  });

  it('names what cannot be read', async () => {
    expect(await failure(openSource(inFolder('missing.nii')))).toMatchObject({
      code: 'not-readable',
      message: expect.stringContaining('missing.nii: cannot be read (ENOENT)') as string,
    });
    expect(await failure(openSource(folder))).toMatchObject({ code: 'not-readable' });
    for (const name of ['missing.bin', 'broken.bin']) {
      expect(await failure(openSource(`${origin}/${name}?key=private`))).toMatchObject({
        code: 'not-readable',
        message: expect.not.stringContaining('private') as string,
      });
    }
    expect(await failure(openSource('http://127.0.0.1:1/x'))).toMatchObject({ code: 'not-readable' });
    expect(await failure(openSource(7 as never))).toMatchObject({ code: 'invalid-option' });
    expect(await failure(openSource([new File([], 'a.nii'), new File([], 'b.nii')]))).toMatchObject({
      code: 'invalid-option',
    });
  });
});

describe('a companion', () => {
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

  it('is found beside a path, an address and in a list', async () => {
    const file = await openSource(inFolder('series/head.mhd'));
    expect(text((await file.companion('inner/data.raw'))?.bytes)).toBe('inner');
    expect(await file.companion('other.raw')).toBeUndefined();
    const remote = await openSource(`${origin}/a/head.mhd?key=private`);
    expect(await remote.companion('none.raw')).toBeUndefined();
    const list = await openSource([
      { name: 'head.mhd', bytes: CONTENT },
      { name: 'data.raw', bytes: Uint8Array.of(65) },
    ]);
    expect(text((await list.companion('data.raw'))?.bytes)).toBe('A');
    expect(await list.companion('other.raw')).toBeUndefined();
    expect(await (await openSource(CONTENT)).companion('data.raw')).toBeUndefined();
  });

  it('of an address is found beside it', async () => {
    const remote = await openSource(new URL('/a/head.mhd', origin));
    expect(text((await remote.companion('b c.raw'))?.bytes)).toBe('beside');
  });

  it.each([
    '../secret.raw',
    'inner/../../secret.raw',
    '..\\secret.raw',
    '/etc/hostname',
    'C:\\secret.raw',
    'file:///etc/hostname',
    'http://127.0.0.1/x',
    '//127.0.0.1/x',
    'a\0b',
    '',
  ])('is never %j', async (name) => {
    const sources = [
      await openSource(inFolder('series/head.mhd')),
      await openSource(`${origin}/a/head.mhd`),
      await openSource([{ name: 'head.mhd', bytes: CONTENT }]),
      await openSource(CONTENT),
    ];
    for (const source of sources) {
      const error = await failure(source.companion(name));
      expect(error).toMatchObject({ name: 'ImageFormatError', code: 'forbidden-path' });
      expect((error as Error).message).not.toContain('secret');
    }
  });

  it('is not reached through a link that leads out, unless the root takes both in', async () => {
    const path = inFolder('series/head.mhd');
    const closed = await openSource(path);
    expect(await failure(closed.companion('link.raw'))).toMatchObject({ code: 'forbidden-path' });
    const open = await openSource(path, { root: folder });
    expect(text((await open.companion('link.raw'))?.bytes)).toBe('secret');
    expect(text((await open.companion('../secret.raw'))?.bytes)).toBe('secret');
    expect(await failure(open.companion('../../outside.raw'))).toMatchObject({ code: 'forbidden-path' });
    const narrow = await openSource(path, { root: inFolder('series/inner') });
    expect(await failure(narrow.companion('head.mhd'))).toMatchObject({ code: 'forbidden-path' });
  });
});

/** As in a browser. The rest of `process` stays: the test runner itself needs it while a test waits. */
function withoutBuiltins(): void {
  vi.stubGlobal('process', Object.create(process, { getBuiltinModule: { value: undefined } }));
}

describe('where there is no file system', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('takes a text for an address relative to the page', async () => {
    withoutBuiltins();
    vi.stubGlobal('location', { href: `${origin}/a/page.html` });
    expect((await openSource('head.mhd')).bytes).toEqual(CONTENT);
  });

  it('says so where there is no page either', async () => {
    withoutBuiltins();
    expect(await failure(openSource('head.mhd'))).toMatchObject({ code: 'no-file-access' });
  });
});
