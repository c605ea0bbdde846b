import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CliError } from '../errors.js';
import type { Input } from '../inputs/find-inputs.js';
import { listImages } from '../inputs/list-images.js';
import { stemOf } from '../inputs/stem.js';

/** Where the lungs of an input come from: found by density, nowhere, or a mask file. */
export type LungSource =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string };

/** Finds the lung mask of an input. */
export type LungSources = (input: Input) => Promise<LungSource>;

/**
 * What `--lung-mask` and `--no-lung-mask` mean for each input: a file is the mask of the only input, a folder holds masks
 * named like the inputs.
 *
 * @throws CliError `usage`, `lung-mask-missing`; system errors
 */
export async function lungSources(
  option: string | boolean | undefined,
  inputs: readonly Input[],
): Promise<LungSources> {
  if (typeof option !== 'string') {
    const source: LungSource = { kind: option === false ? 'none' : 'auto' };
    return () => Promise.resolve(source);
  }
  const files = await maskFiles(option, inputs.length);
  return async (input) => {
    const path = files instanceof Map ? files.get(stemOf(input.name)) : files;
    if (path === undefined) {
      throw new CliError(
        'lung-mask-missing',
        `${input.path}: ${option} holds no lung mask named ${stemOf(input.name)}`,
        'name each lung mask like its volume, or leave --lung-mask out',
      );
    }
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return { kind: 'file', path, sha256 };
  };
}

async function maskFiles(option: string, inputs: number): Promise<string | Map<string, string>> {
  if ((await stat(option)).isDirectory()) {
    const files = await listImages(option, { recursive: true });
    return new Map(files.map((file) => [stemOf(file), file]));
  }
  if (inputs === 1) return option;
  throw new CliError(
    'usage',
    `--lung-mask names one file, but there are ${inputs} inputs`,
    'name a folder of lung masks, each called like its volume',
  );
}
