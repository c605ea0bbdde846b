import { appendFileSync } from 'node:fs';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBytes } from '@infnet/core-model';
import { TrainingError } from '../errors.js';

/** Makes a run's folder where there is none, removes what an interrupted write left, and lists the rest. */
export async function openFolder(path: string): Promise<Set<string>> {
  try {
    await mkdir(path, { recursive: true });
    const names = await readdir(path);
    const abandoned = names.filter((name) => name.endsWith('.tmp'));
    await Promise.all(abandoned.map((name) => unlink(join(path, name))));
    return new Set(names.filter((name) => !name.endsWith('.tmp')));
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** Writes a file that appears whole or not at all. @throws TrainingError `run-not-writable` */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeBytes(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** Appends an object to a file of JSON lines; there when the call returns. @throws TrainingError `run-not-writable` */
export function appendLine(path: string, value: object): void {
  try {
    appendFileSync(path, `${JSON.stringify(value)}\n`);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** The objects of a file of JSON lines; none where there is no file. A torn line is left out. */
export async function readLines(path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

/** Keeps the lines of a log that `keep` accepts, and gives them; a torn last line goes. */
export async function cutLog<Line extends object>(
  path: string,
  keep: (line: Line) => boolean,
): Promise<Line[]> {
  const kept = ((await readLines(path)) as Line[]).filter(keep);
  await writeWhole(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return kept;
}

/**
 * A run's JSON file of a stated format.
 *
 * @throws TrainingError `damaged-checkpoint`
 */
export async function readRunJson<T extends { readonly format: string }>(
  path: string,
  format: T['format'],
): Promise<T> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as T;
    if (value.format !== format) throw new Error('it is of another kind');
    return value;
  } catch (cause) {
    throw new TrainingError(
      'damaged-checkpoint',
      `${path} cannot be read: ${messageOf(cause)}`,
      'Start the run anew in another folder.',
      { cause },
    );
  }
}

/**
 * `config.json` of the run in a folder; null where there is none.
 *
 * @throws TrainingError `run-exists` for a run that is not to be resumed; `damaged-checkpoint`
 */
export async function storedConfig<T extends { readonly format: string }>(
  folder: string,
  format: T['format'],
  options: { readonly resume: boolean },
): Promise<T | null> {
  const names = await openFolder(folder);
  if (!names.has('config.json')) return null;
  if (options.resume) return readRunJson<T>(join(folder, 'config.json'), format);
  throw new TrainingError(
    'run-exists',
    `${folder} already holds a run`,
    'Resume it, or name another folder; runs are not overwritten.',
  );
}

/** Two descriptions of a run are compared key by key. @throws TrainingError `run-mismatch`, naming what differs */
export function checkSame<T extends object>(
  stored: T,
  wanted: T,
  keys: readonly (keyof T & string)[],
  path: string,
): void {
  const differences = keys.flatMap((key) => differencesOf(key, stored[key], wanted[key]));
  if (differences.length === 0) return;
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : '';
  throw new TrainingError(
    'run-mismatch',
    `${path} holds another run: ${differences.slice(0, 5).join('; ')}${more}`,
    'Resume with the same data, options, seed and backend, or start a new run in another folder.',
  );
}

function differencesOf(name: string, before: unknown, now: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (!isRecord(before) || !isRecord(now)) {
    return [`${name} was ${JSON.stringify(before)}, is ${JSON.stringify(now)}`];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key) => differencesOf(`${name}.${key}`, before[key], now[key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notWritable(path: string, cause: unknown): TrainingError {
  return new TrainingError(
    'run-not-writable',
    `${path} cannot be written: ${messageOf(cause)}`,
    'Check that the folder may be written to and the disk has room, or name another folder.',
    { cause },
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
