import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allBlocks, blocksIn, pages, placeOf, ROOT } from './code-blocks.js';

/** `text` is for what is no code: a tree of folders, a citation, a usage line. */
const LANGUAGES = new Set(['js', 'ts', 'sh', 'python', 'diff', 'text']);

/** Prose of a page: code, in blocks and in lines, taken out. */
function proseOf(page: string): string {
  return readFileSync(ROOT + page, 'utf8')
    .replaceAll(/^```[^]*?^```$/gm, '')
    .replaceAll(/`[^`]*`/g, '');
}

describe('every code block', () => {
  const blocks = allBlocks();

  it('says its language', () => {
    expect(blocks.filter(({ language }) => !LANGUAGES.has(language)).map(placeOf)).toEqual([]);
    expect(blocks.length).toBeGreaterThan(80);
  });

  it('of a docstring is found', () => {
    const source = '/**\n * @example\n * ```ts\n * dice();\n * ```\n */\n';
    expect(blocksIn('src/dice.ts', source)).toMatchObject([{ language: 'ts', code: 'dice();\n', line: 3 }]);
  });

  it('that is not run says why', () => {
    const text = '```sh no-run: needs a GPU\ninfnet doctor\n```\n\n```ts file=src/a.ts\nlet a;\n```\n';
    expect(blocksIn('page.md', text)).toMatchObject([
      { language: 'sh', noRun: 'needs a GPU', file: undefined },
      { language: 'ts', noRun: undefined, file: 'src/a.ts' },
    ]);
  });
});

/** Python that has a grammar to check; absent on a machine with nothing but Node. */
const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);

describe.skipIf(python === undefined)(
  `Python is parsed${python ? '' : ' (skipped: no python3 here)'}`,
  () => {
    it.each(
      allBlocks()
        .filter(({ language }) => language === 'python')
        .map((block) => ({ ...block, place: placeOf(block) })),
    )('$place', ({ code }) => {
      const { status, stderr } = spawnSync(python!, ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
        input: code,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    });
  },
);

it('the accuracy page tells the figures that the training page measures', () => {
  const [accuracy, training] = ['explanation/accuracy', 'how-to/training'].map((name) =>
    readFileSync(`${ROOT}docs/guide/${name}.md`, 'utf8'),
  );
  const [, scores = ''] = accuracy!.match(/the preset `default` reaches([^;]*);/) ?? [];
  const figures = scores.match(/0\.\d{3}/g) ?? [];
  const rows = training!.split('\n').filter((line) => /^\| `(default|short)` +\| +[\d,]+ /.test(line));
  expect(figures).toHaveLength(4);
  for (const figure of figures) expect(rows.join()).toContain(figure);
});

/** npm shows a README by itself: no file of the repository is beside it. */
describe.each(pages().filter((page) => /^packages\/[^/]+\/README\.md$/.test(page)))(
  '%s stands alone',
  (page) => {
    const prose = proseOf(page);
    const [, name = ''] = page.match(/^packages\/(.+)\/README/) ?? [];
    const blocks = blocksIn(page, readFileSync(ROOT + page, 'utf8'));

    it('says how to get it', () => {
      const ways = [`npm install @infnet/${name}`, `npx @infnet/${name}`];
      const shell = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code);
      expect(shell.some((code) => ways.some((way) => code.includes(way)))).toBe(true);
    });

    it('shows a program, run by the tests', () => {
      const programs = blocks.filter(
        ({ language, noRun }) => ['js', 'ts'].includes(language) && noRun === undefined,
      );
      expect(programs).not.toEqual([]);
    });

    it('links to nothing of the repository', () => {
      const links = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, address]) => address!);
      expect(links.filter((address) => !/^(https:|#)/.test(address))).toEqual([]);
    });

    it('says where its API is told, and its licence', () => {
      expect(prose).toContain(`https://www.npmjs.com/package/@infnet/${name}?activeTab=code`);
      expect(prose).toMatch(/MIT licence/);
    });

    it('says what it is not', () => {
      expect(prose).toMatch(/not a medical device/i);
    });
  },
);
