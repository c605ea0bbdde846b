import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
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

const sources = readdirSync(new URL('src/', root), { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);

/** Names of a module's functions and classes. */
function callablesOf(module: object): string[] {
  return Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
}

it('every public function and class has an example; docs/test runs them', () => {
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
