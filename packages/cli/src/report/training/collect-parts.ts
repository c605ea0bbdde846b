import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun, type RunRecord } from '@infnet/semi-supervised';
import { CliError } from '../../errors.js';

/** A training, or the making of pseudo labels, in a run folder. */
export interface RunPart {
  /** What the page calls it: its folder in the run, which the tools name; empty for the run's own. */
  readonly name: string;
  readonly record: RunRecord;
  /** Strips of pictures by epoch, as PNG in base64. */
  readonly strips: readonly { readonly epoch: number; readonly png: string }[];
}

/** Stages in the order they are trained in; whatever else there is comes behind. */
const STAGES = ['supervised', 'propagation', 'labelling', 'pre-train', 'fine-tune', 'student'];

/**
 * Every training in a run folder: its own, the stages of a semi-supervised one, the rows of an ablation.
 *
 * @param options.pictures also read the strips of slices
 * @throws CliError `no-run` where there is none; TrainingError `damaged-checkpoint`
 */
export async function collectParts(
  folder: string,
  { pictures }: { readonly pictures: boolean },
): Promise<RunPart[]> {
  const parts: RunPart[] = [];
  for (const name of ['', ...(await partNames(folder))]) {
    const record = await readRun(join(folder, name));
    if (record === undefined) continue;
    const strips = record.kind === 'training' && pictures ? record.strips : [];
    parts.push({
      name,
      record,
      strips: await Promise.all(
        strips.map(async ({ epoch, path }) => ({ epoch, png: await readFile(path, 'base64') })),
      ),
    });
  }
  if (parts.length > 0) return parts;
  throw new CliError(
    'no-run',
    `${folder} holds no run`,
    'name the folder that `infnet train`, `pseudo-label` or `ablate` was given with --output',
  );
}

/** Folders that a tool may have made for a part of a run. */
async function partNames(folder: string): Promise<string[]> {
  const names = await subFolders(folder);
  const rows = names.filter((name) => /^row-\d+$/.test(name)).toSorted(byNumber);
  const seeds = await Promise.all(
    rows.map(async (row) =>
      (await subFolders(join(folder, row)))
        .filter((name) => /^seed-\d+$/.test(name))
        .toSorted(byNumber)
        .map((seed) => `${row}/${seed}`),
    ),
  );
  const stages = names.filter((name) => /^[a-z][a-z-]*$/.test(name));
  const place = (name: string): number => (STAGES.indexOf(name) + STAGES.length + 1) % (STAGES.length + 1);
  return [...stages.toSorted((a, b) => place(a) - place(b)), ...seeds.flat()];
}

async function subFolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    throw new CliError('not-a-folder', `${folder}: no such folder`, 'name the folder of a run', { cause });
  }
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
