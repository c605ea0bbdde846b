import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { looksLikeImage } from './stem.js';

/** How a folder is searched. */
export interface ListOptions {
  /** Also in sub-folders. Hidden folders and links to folders are left out. */
  readonly recursive?: boolean;
  /** A folder to leave out, such as the one for results. */
  readonly except?: string;
  /** Which files are listed, by their names. Default images. */
  readonly accept?: (name: string) => boolean;
}

/** Image files of a folder, in natural order (`slice-2` before `slice-10`). */
export async function listImages(folder: string, options: ListOptions = {}): Promise<string[]> {
  const except = options.except === undefined ? undefined : resolve(options.except);
  const { accept = looksLikeImage } = options;
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (options.recursive && resolve(path) !== except) found.push(...(await listImages(path, options)));
    } else if (accept(entry.name) && (await isFile(entry, path))) {
      found.push(path);
    }
  }
  return found;
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(path).catch(() => undefined);
  // A dangling link is listed, so that reading it fails by name.
  return target === undefined || target.isFile();
}
