import { stat } from 'node:fs/promises';
import { CliError } from '../errors.js';
import type { Input } from '../inputs/find-inputs.js';
import { findInputs } from '../inputs/find-inputs.js';
import { stemOf } from '../inputs/stem.js';

/** What may stand behind a volume's name in the name of its mask. */
const SUFFIX = /[-_. ](?:mask|seg|segmentation|label|labels|infection|lesion|gt|truth|lung|lungs)$/i;

/** Masks by the stem of their volume, and those that belong to none. */
export interface PairedMasks {
  readonly maskOf: (input: Input) => Input | undefined;
  readonly unused: readonly string[];
}

/**
 * Pairs masks with volumes by name: the same stem, or the stem with `_mask`, `-seg` and the like behind it. A single file
 * is the mask of the only volume.
 *
 * @throws CliError `usage`, `mask-ambiguous`, and the failures of the folder
 */
export async function pairMasks(
  option: string | undefined,
  inputs: readonly Input[],
  except: string,
): Promise<PairedMasks> {
  if (option === undefined) return { maskOf: () => undefined, unused: [] };
  const isFolder = (await stat(option)).isDirectory();
  const { inputs: masks, failures } = await findInputs([option], except);
  const [failure] = failures;
  if (failure !== undefined && masks.length === 0) {
    throw new CliError(failure.code, failure.message, failure.hint);
  }
  if (!isFolder) {
    if (inputs.length !== 1) {
      throw new CliError(
        'usage',
        `${option} is one mask, but there are ${inputs.length} volumes`,
        'name a folder of masks, each called like its volume',
      );
    }
    return { maskOf: () => masks[0], unused: [] };
  }
  const byStem = new Map<string, Input>();
  for (const mask of masks) {
    const stem = stemOf(mask.name);
    for (const name of new Set([stem, stem.replace(SUFFIX, '')])) {
      const other = byStem.get(name);
      if (other !== undefined && stemOf(other.name) === name) continue;
      if (other !== undefined && stem !== name) throw ambiguous(other, mask, name);
      byStem.set(name, mask);
    }
  }
  const wanted = new Set(inputs.map(({ name }) => byStem.get(stemOf(name))?.path));
  return {
    maskOf: ({ name }) => byStem.get(stemOf(name)),
    unused: masks.filter(({ path }) => !wanted.has(path)).map(({ path }) => path),
  };
}

function ambiguous(a: Input, b: Input, name: string): CliError {
  return new CliError(
    'mask-ambiguous',
    `${a.path} and ${b.path} may both be the mask of ${name}`,
    'keep one mask per volume in the folder',
  );
}
