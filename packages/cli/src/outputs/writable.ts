import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError, describeFailure } from '../errors.js';

/**
 * Makes the folder if it is missing and proves that a file can be written there, before any work is done.
 *
 * @throws CliError `output-not-writable`
 */
export async function ensureWritableFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    const probe = join(folder, `.infnet-${randomBytes(6).toString('hex')}`);
    // Trying is the only sure test: access() says yes to root and to read-only mounts.
    await (await open(probe, 'wx')).close();
    await rm(probe, { force: true });
  } catch (cause) {
    const { message } = describeFailure(cause);
    throw new CliError(
      'output-not-writable',
      `cannot write into ${folder}: ${message}`,
      'name a folder that you may write to, on a disk with space',
      { cause },
    );
  }
}

/**
 * As {@link ensureWritableFolder}, for the folder of each file.
 *
 * @throws CliError `output-not-writable`
 */
export async function ensureWritableFiles(files: readonly (string | undefined)[]): Promise<void> {
  for (const file of files) {
    if (file === undefined) continue;
    await ensureWritableFolder(dirname(file));
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) {
      throw new CliError('output-not-writable', `cannot write ${file}: it is a folder`, 'name a file');
    }
  }
}

/** Folder by folder, because Node's recursive mkdir never returns where a file system refuses with ENOENT (/proc). */
async function makeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
