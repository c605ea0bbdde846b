import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as metrics from '../src/index.js';

const root = new URL('../', import.meta.url);

/** The ts blocks of a Markdown file, or of the docstrings of a source file. */
function examplesIn(path: string): [string, string][] {
  const text = readFileSync(new URL(path, root), 'utf8').replaceAll(
    /^ *\* ?/gm,
    path.endsWith('.ts') ? '' : '$&',
  );
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match, i) => [`${path} ${i + 1}`, match[1]!]);
}

/** Runs an example; what it logs, and what its comments promise. */
function run(code: string): { logged: string[]; promised: string[] } {
  const logged: string[] = [];
  const console = { log: (...values: unknown[]) => logged.push(values.join(' ')) };
  const script = code.replace(/import (\{.*?\}) from '@infnet\/metrics';/, 'const $1 = metrics;');
  runInNewContext(script, { metrics, console, Float32Array, Uint8Array });
  return { logged, promised: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]!) };
}

const sources = readdirSync(new URL('src/', root)).map((name) => `src/${name}`);

describe('examples do what they say', () => {
  const examples = ['README.md', ...sources].flatMap(examplesIn);

  it.each(examples)('%s', (_, code) => {
    const { logged, promised } = run(code);
    expect(promised.length).toBeGreaterThan(0);
    expect(logged).toEqual(promised);
  });

  it('exist in README and source', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
  });
});
