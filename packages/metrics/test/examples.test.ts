import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

/** Every declared entry by its name: `@infnet/metrics`, `@infnet/metrics/masks`, ... */
const entries: Readonly<Record<string, unknown>> = Object.fromEntries(
  await Promise.all(
    Object.entries(manifest.exports).flatMap(([entry, target]) =>
      typeof target === 'string'
        ? []
        : [
            import(new URL(`../${target['@infnet/source']}`, import.meta.url).href).then(
              (module: unknown) => [`@infnet/metrics${entry.slice(1)}`, module] as const,
            ),
          ],
    ),
  ),
);

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
async function run(code: string): Promise<{ logged: string[]; promised: string[] }> {
  const logged: string[] = [];
  const console = { log: (...values: unknown[]) => logged.push(values.join(' ')) };
  const script = code.replaceAll(
    /import (\{[^}]*\}) from '([^']+)';/g,
    (_, names: string, entry: string) => `const ${names.replaceAll(' as ', ': ')} = entries['${entry}'];`,
  );
  await runInNewContext(`(async () => {${script}})()`, {
    entries,
    console,
    Float32Array,
    Int32Array,
    Uint8Array,
  });
  return { logged, promised: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]!) };
}

const sources = readdirSync(new URL('src/', root), { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);

/** Names of a module's functions and classes. */
function callablesOf(module: object): string[] {
  return Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
}

describe('examples do what they say', () => {
  const examples = ['README.md', ...sources].flatMap(examplesIn);

  it.each(examples)('%s', async (_, code) => {
    const { logged, promised } = await run(code);
    expect(promised.length).toBeGreaterThan(0);
    expect(logged).toEqual(promised);
  });

  it('are there for every public function and class', () => {
    const text = sources.map((path) => readFileSync(new URL(path, root), 'utf8')).join('\n');
    const names = new Set(Object.values(entries).flatMap((module) => callablesOf(module as object)));
    const without = [...names].filter((name) => {
      const [, docstring] =
        text.match(
          new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\n(?:export )(?:async )?(?:function|class) ${name}\\b`),
        ) ?? [];
      return !docstring?.includes('```ts');
    });
    expect(names.size).toBeGreaterThan(50);
    expect(without).toEqual(['MetricsError']);
  });
});
