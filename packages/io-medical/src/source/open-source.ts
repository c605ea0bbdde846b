import { ImageFormatError } from '../errors.js';
import { resolveLimits } from '../limits.js';
import type { ReadOptions } from '../read-options.js';
import { download, unreachable } from './download.js';
import type { ImageInput, NamedFile } from './input.js';
import {
  checkFileSize,
  companionPath,
  type FileReadOptions,
  hasFileSystem,
  pathOf,
  readFileBytes,
} from './local-files.js';
import { baseName, forbiddenPath, isInnerPath, type Source } from './source.js';
import { readStream } from './streams.js';

/** The options that concern where bytes come from. */
export type SourceOptions = Pick<ReadOptions, 'name' | 'signal' | 'limits' | 'root'>;

/** Names of headers whose data lie in another file. */
export const HEADER_NAME: RegExp = /\.(hdr|hdr\.gz|nhdr|mhd)$/i;

/**
 * Reads whatever an image may come from; see {@link ImageInput}.
 *
 * @throws {ImageFormatError} `not-readable`, `too-large` (limits.maxFileBytes), `no-file-access`, `invalid-option`; the
 *   signal's reason when aborted
 */
export async function openSource(input: ImageInput, options: SourceOptions = {}): Promise<Source> {
  const { signal, name = nameOf(input) } = options;
  signal?.throwIfAborted();
  const how: FileReadOptions = { signal, maxBytes: resolveLimits(options.limits).maxFileBytes };
  if (typeof input === 'string' || input instanceof URL) return openAddress(input, name, how, options.root);
  if (input instanceof Uint8Array) return inMemory(name, input, how);
  if (input instanceof ArrayBuffer) return inMemory(name, new Uint8Array(input), how);
  if (input instanceof Blob) return openBlob(name, input, how);
  if (input instanceof ReadableStream) {
    return { ...alone(name), bytes: await readStream(name, input, how), owned: true };
  }
  if (Array.isArray(input)) return openList(input as readonly NamedFile[], options.name, how);
  throw new ImageFormatError(
    'invalid-option',
    `${name}: nothing that an image can be read from`,
    'Give a path, an address, bytes, a Blob or File, a ReadableStream, or a list of files with names.',
  );
}

/** What messages call an input: its path or address without query, the name of a file, else `image`. */
export function nameOf(input: ImageInput): string {
  if (typeof input === 'string' || input instanceof URL) {
    const text = String(input);
    if (/^data:/i.test(text)) return 'data URL';
    return isRemote(text) ? text.replace(/[?#].*$/s, '') : text;
  }
  const name = (input as { name?: unknown } | null)?.name;
  return typeof name === 'string' && name !== '' ? name : 'image';
}

const isRemote = (address: string): boolean => /^(https?|data|blob):/i.test(address);

function openAddress(
  address: string | URL,
  name: string,
  how: FileReadOptions,
  root: string | undefined,
): Promise<Source> {
  const text = String(address);
  if (isRemote(text)) return openUrl(name, new URL(text), how);
  const { location } = globalThis as { location?: { href: string } };
  // A page has no paths: what looks like one is relative to it.
  if (!hasFileSystem() && location !== undefined) return openUrl(name, new URL(text, location.href), how);
  return openPath(pathOf(address), name, how, root);
}

async function openPath(
  path: string,
  name: string,
  how: FileReadOptions,
  root: string | undefined,
): Promise<Source> {
  return {
    name,
    fileName: baseName(path),
    bytes: await readFileBytes(path, how),
    owned: true,
    async companion(other) {
      const found = await companionPath(path, other, root);
      return found === undefined ? undefined : openPath(found, found, how, root);
    },
  };
}

async function openUrl(name: string, url: URL, how: FileReadOptions): Promise<Source> {
  const bytes = await download(name, url, how);
  if (bytes === undefined) throw unreachable(name, 'the server has no such file');
  return {
    name,
    fileName: baseName(url.pathname),
    bytes,
    owned: true,
    async companion(other) {
      if (!isInnerPath(other)) throw forbiddenPath(name);
      if (!/^https?:$/.test(url.protocol)) return undefined;
      const beside = new URL(url);
      beside.pathname = beside.pathname.replace(/[^/]*$/, other.split('/').map(encodeURIComponent).join('/'));
      const called = baseName(other);
      const data = await download(called, beside, how);
      return data === undefined ? undefined : { ...alone(called), bytes: data, owned: true };
    },
  };
}

/** A Node Buffer's `slice` shares memory where a Uint8Array's copies: only plain arrays go on from here. */
function inMemory(name: string, given: Uint8Array, { maxBytes }: FileReadOptions): Source {
  checkFileSize(name, given.length, maxBytes);
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return { ...alone(name), bytes, owned: false };
}

async function openBlob(name: string, blob: Blob, how: FileReadOptions): Promise<Source> {
  checkFileSize(name, blob.size, how.maxBytes);
  return { ...alone(name), bytes: await readStream(name, blob.stream(), how), owned: true };
}

async function openList(
  files: readonly NamedFile[],
  name: string | undefined,
  how: FileReadOptions,
): Promise<Source> {
  const main = files.length === 1 ? files[0] : files.find((file) => HEADER_NAME.test(file.name));
  if (main === undefined) {
    throw new ImageFormatError(
      'invalid-option',
      `${name ?? 'image'}: none of the ${files.length} files given is a header that joins them`,
      'Give the files of one image: a .hdr, .nhdr or .mhd and its data. Read several images one by one.',
    );
  }
  const open = (file: NamedFile, called: string): Source | Promise<Source> =>
    file instanceof Blob ? openBlob(called, file, how) : inMemory(called, file.bytes, how);
  return {
    ...(await open(main, name ?? main.name)),
    fileName: baseName(main.name),
    async companion(other) {
      if (!isInnerPath(other)) throw forbiddenPath(name ?? main.name);
      const found = files.find((file) => baseName(file.name) === baseName(other));
      return found === undefined ? undefined : await open(found, found.name);
    },
  };
}

/** A file that knows of no others. */
function alone(name: string): Pick<Source, 'name' | 'fileName' | 'companion'> {
  return {
    name,
    fileName: baseName(name),
    companion: (other) =>
      isInnerPath(other) ? Promise.resolve(undefined) : Promise.reject(forbiddenPath(name)),
  };
}
