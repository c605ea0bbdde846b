import { createServer, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The built page in a sub-folder of a static host, and what was asked of it. */
export interface StaticServer {
  readonly url: string;
  /** Paths below the page, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Serves `dist` at `/some/folder/`, with the headers that such hosts give. */
export async function serveDist(): Promise<StaticServer> {
  const requests: string[] = [];
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const name = /^\/some\/folder\/([\w./-]*)$/.exec(path)?.[1];
    const file = name === '' ? 'index.html' : name;
    const body = file === undefined ? undefined : await readFile(join(DIST, file)).catch(() => undefined);
    const type = TYPES[extname(file ?? '')] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { 'Content-Type': type, 'Cache-Control': 'max-age=600' });
    response.end(body);
  };
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    requests.push(path);
    void answer(path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/some/folder/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
