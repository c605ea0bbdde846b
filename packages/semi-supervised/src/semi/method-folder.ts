import { openFolder } from '../checkpoint/run-files.js';
import { TrainingError } from '../errors.js';

/** How a network is trained on labelled and unlabelled slices. */
export type SemiMethod = 'algorithm-1' | 'one-shot' | 'mean-teacher';

/** What only a training by this method has in its run folder. */
const MARKS: Readonly<Record<SemiMethod, readonly string[]>> = {
  'algorithm-1': ['propagation', 'pre-train', 'fine-tune'],
  'one-shot': ['labelling', 'student'],
  'mean-teacher': ['config.json'],
};

/** The stage that training in several stages begins with, whatever the method. */
const FIRST = 'supervised';

/**
 * Makes the folder of a training ready that goes through several stages, or makes sure that it holds no such training.
 *
 * @throws TrainingError `run-exists` for a run that is not to be resumed; `run-mismatch` for one by another method
 */
export async function openMethodFolder(
  path: string,
  method: SemiMethod,
  { resume }: { readonly resume: boolean },
): Promise<void> {
  const names = await openFolder(path);
  const isThere = (name: string): boolean => names.has(name);
  const others = (Object.keys(MARKS) as SemiMethod[]).filter((other) => other !== method);
  const other = others.find((candidate) => MARKS[candidate].some(isThere));
  if (other !== undefined || (method === 'mean-teacher' && isThere(FIRST))) {
    throw new TrainingError(
      'run-mismatch',
      `${path} holds a training in ${other === 'mean-teacher' ? 'one stage' : 'several stages'}, begun by another method than ${method}`,
      'Resume it by its own method, or name another folder.',
    );
  }
  if (resume || ![FIRST, ...MARKS[method]].some(isThere)) return;
  throw new TrainingError(
    'run-exists',
    `${path} already holds a run`,
    'Resume it, or name another folder; runs are not overwritten.',
  );
}
