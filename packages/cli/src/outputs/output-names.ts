import { stemOf } from '../inputs/stem.js';

/**
 * A name for the results of each input, unique also where a file system does not tell case apart, without spaces.
 *
 * An input alone with its stem gets the stem, so that `infnet evaluate` pairs results with their ground truth; inputs of
 * one stem get their folders in front, and their ending or a number behind if that is not enough.
 *
 * @param names names of the inputs, with folders separated by `/`
 */
export function outputNames(names: readonly string[]): string[] {
  const steps: readonly ((name: string) => string)[] = [
    (name) => clean(stemOf(name)),
    (name) => clean([...name.split('/').slice(0, -1), stemOf(name)].join('__')),
    (name) => clean(name.split('/').join('__')),
  ];
  const results = names.map(steps[0]!);
  for (const step of steps.slice(1)) {
    const counts = countNames(results);
    results.forEach((result, i) => {
      if (counts.get(result.toLowerCase())! > 1) results[i] = step(names[i]!);
    });
  }
  const taken = new Set<string>();
  return results.map((result) => {
    let candidate = result;
    for (let i = 2; taken.has(candidate.toLowerCase()); i++) candidate = `${result}-${i}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return counts;
}

/** Letters, digits, dot, dash and underscore of any script; everything else becomes an underscore. */
function clean(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[.-]+/, '_');
  return cleaned.slice(0, 120) || 'image';
}
