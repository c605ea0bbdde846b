import { ImageFormatError } from '../errors.js';
import type { ReadLimits } from '../limits.js';
import type { ImageInput, NamedFile } from '../source/input.js';
import {
  builtins,
  hasFileSystem,
  isFolder,
  pathOf,
  readFileBytes,
  readFileHead,
} from '../source/local-files.js';
import { HEADER_NAME, nameOf, openSource, type SourceOptions } from '../source/open-source.js';
import type { SeriesFile } from './slice.js';
import { isZip, listZip } from './zip.js';

/** One of several files of a series. */
export type SeriesFileInput = string | URL | Uint8Array | Blob | NamedFile;

/**
 * Where a series may come from: a folder (Node, searched through), a ZIP archive or a file in any form that an image may
 * have, or a list of files as a page gets them from a file dialog.
 */
export type SeriesInput = ImageInput | readonly SeriesFileInput[];

/** Folders within folders that are searched; discs and archives have three or four. */
const MAX_DEPTH = 12;

/** Headers of slices have a few thousand bytes; those of enhanced images are read with their files. */
const HEAD_BYTES = 32_768;

/** Whether an input is a folder, or a list of files that no header joins. */
export async function isSeries(input: SeriesInput): Promise<boolean> {
  if (isList(input)) {
    return input.length > 1 && !input.some((file) => HEADER_NAME.test((file as NamedFile).name));
  }
  return (typeof input === 'string' || input instanceof URL) && isFolder(localPath(input));
}

/** What messages call an input. */
export function nameOfSeries(input: SeriesInput): string {
  return isList(input) ? 'series' : nameOf(input);
}

/**
 * The files of an input. Folders are searched themselves; a DICOMDIR is not followed, and links that leave the folder
 * are not either.
 *
 * @param source name of the input, for messages
 * @throws {ImageFormatError} `not-readable`, `too-large` for more files than the limit, and what ZIP archives throw
 */
export async function seriesFiles(
  source: string,
  input: SeriesInput,
  limits: ReadLimits,
  options: SourceOptions,
): Promise<readonly SeriesFile[]> {
  if (isList(input)) {
    checkCount(source, input.length, limits);
    return input.map((file, i) => {
      const called = { name: nameOfFile(file, i), label: labelOf(source, i, input.length) };
      return isOnDisk(file)
        ? fileOnDisk(pathOf(file), called, limits, options)
        : fileElsewhere(file, called, options);
    });
  }
  if ((typeof input === 'string' || input instanceof URL) && (await isFolder(localPath(input)))) {
    const root = localPath(input);
    const names = await search(source, root, limits);
    return names.map((name, i) =>
      fileOnDisk(`${root}/${name}`, { name, label: labelOf(source, i, names.length) }, limits, options),
    );
  }
  const { bytes } = await openSource(input, options);
  if (!isZip(bytes)) return [{ name: source, label: source, load: () => Promise.resolve(bytes) }];
  const entries = listZip(source, bytes, limits);
  return entries.map((entry, i) => ({
    name: entry.name,
    label: labelOf(source, i, entries.length),
    load: () => entry.load(),
  }));
}

function fileOnDisk(
  path: string,
  { name, label }: Pick<SeriesFile, 'name' | 'label'>,
  { maxFileBytes: maxBytes }: ReadLimits,
  { signal }: SourceOptions,
): SeriesFile {
  const load = (room?: Uint8Array): Promise<Uint8Array> =>
    readFileBytes(path, { name: label, signal, maxBytes, room });
  return { name, label, load, loadInto: load, loadHead: () => readFileHead(path, HEAD_BYTES) };
}

function isOnDisk(input: SeriesFileInput): input is string | URL {
  return (typeof input === 'string' || input instanceof URL) && hasFileSystem() && localPath(input) !== '';
}

function fileElsewhere(
  input: SeriesFileInput,
  { name, label }: Pick<SeriesFile, 'name' | 'label'>,
  options: SourceOptions,
): SeriesFile {
  const isNamed = typeof input === 'object' && !(input instanceof Blob) && 'bytes' in input;
  const file = isNamed ? input.bytes : input;
  return { name, label, load: async () => (await openSource(file, { ...options, name: label })).bytes };
}

function labelOf(source: string, index: number, count: number): string {
  return `${source}, file ${index + 1} of ${count}`;
}

/** Names of all files below a folder, in order; links only where they stay inside. */
async function search(source: string, root: string, limits: ReadLimits): Promise<readonly string[]> {
  const fs = builtins(root)('node:fs/promises');
  const realRoot = await fs.realpath(root);
  const names: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await fs.readdir(`${root}/${folder}`, { withFileTypes: true }).catch((cause: unknown) => {
      throw new ImageFormatError(
        'not-readable',
        `${source}: a folder in it cannot be read`,
        'Check that you may read it.',
        { cause },
      );
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth < MAX_DEPTH) await visit(name, depth + 1);
      else if (
        entry.isFile() ||
        (entry.isSymbolicLink() && (await isFileInside(realRoot, `${root}/${name}`)))
      ) {
        names.push(name);
      }
      checkCount(source, names.length, limits);
    }
  };
  await visit('', 0);
  return names;
}

async function isFileInside(realRoot: string, link: string): Promise<boolean> {
  const fs = builtins(link)('node:fs/promises');
  const target = await fs.realpath(link).catch(() => '');
  const isInside = target.startsWith(realRoot) && /^[\\/]/.test(target.slice(realRoot.length));
  return isInside && (await fs.stat(target)).isFile();
}

function isList(input: SeriesInput): input is readonly SeriesFileInput[] {
  return Array.isArray(input);
}

/** A path, also from a `file:` address; other addresses are no folders. */
function localPath(input: string | URL): string {
  const text = String(input);
  return /^(https?|data|blob):/i.test(text) ? '' : pathOf(input);
}

function nameOfFile(input: SeriesFileInput, index: number): string {
  if (typeof input === 'string' || input instanceof URL) return nameOf(input);
  return 'name' in input && typeof input.name === 'string' ? input.name : `file ${index + 1}`;
}

function checkCount(source: string, count: number, { maxFiles }: ReadLimits): void {
  if (count <= maxFiles) return;
  throw new ImageFormatError(
    'too-large',
    `${source}: more than ${maxFiles} files`,
    'Give the folder of one examination, or raise limits.maxFiles.',
  );
}
