import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages, ROOT } from './code-blocks.js';

const media = 'docs/media/';
const diagrams = readdirSync(ROOT + media).filter((name) => name.endsWith('.svg'));

/** A package's manifest, as far as it matters here. */
function dependenciesOf(name: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(`${ROOT}packages/${name}/package.json`, 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies).filter((dependency) => dependency.startsWith('@infnet/'));
}

describe.each(diagrams)('%s', (name) => {
  const svg = readFileSync(`${ROOT}${media}${name}`, 'utf8');

  it('says what it shows to who cannot see it', () => {
    expect(svg).toMatch(/<title id="title">.+<\/title>\s*<desc id="desc">.{80,}<\/desc>/);
  });

  it('is shown by a page', () => {
    const shown = pages().filter(
      (page) => page.endsWith('.md') && readFileSync(ROOT + page, 'utf8').includes(name),
    );
    expect(shown).not.toEqual([]);
  });

  it('names files that are there', () => {
    const files = [...svg.matchAll(/>(?:[^<>]*: )?((?:inf-net|backbones|pseudo)\/[a-z0-9-]+)\b/g)].map(
      ([, path]) => path!,
    );
    const sources = readdirSync(`${ROOT}packages`).map((folder) => `${ROOT}packages/${folder}/src/`);
    expect(files.filter((path) => !sources.some((source) => existsSync(`${source}${path}.ts`)))).toEqual([]);
    if (name === 'figure-2.svg') expect(files.length).toBeGreaterThanOrEqual(6);
    if (name === 'algorithm-1.svg') expect(files.length).toBeGreaterThanOrEqual(5);
  });
});

it('the arrows between packages are their dependencies', () => {
  const svg = readFileSync(`${ROOT}${media}packages.svg`, 'utf8');
  const drawn = [...svg.matchAll(/data-from="(.+?)" data-to="(.+?)"/g)].map(
    ([, from, to]) => `${from} ${to}`,
  );
  const declared = readdirSync(`${ROOT}packages`).flatMap((name) =>
    dependenciesOf(name).map((dependency) => `${name} ${dependency.slice('@infnet/'.length)}`),
  );
  expect(new Set(drawn)).toEqual(new Set(declared));
});
