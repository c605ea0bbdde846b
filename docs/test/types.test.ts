import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBlocks, type CodeBlock, placeOf, ROOT } from './code-blocks.js';
import { fileNameOf, PROGRAMS } from './programs.js';

/** Whatever is in TypeScript, and the JavaScript that nothing else has checked. */
const blocks = allBlocks().filter(
  ({ language, file, noRun }) =>
    file === undefined && (language === 'ts' || (language === 'js' && noRun !== undefined)),
);
const folder = `${PROGRAMS}types/`;

/** What a reader's own compiler is told; `js` is held to less. */
const STRICT = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: ['node'],
  noEmit: true,
  strict: true,
  skipLibCheck: true,
};
const PLAIN = { ...STRICT, strict: false, allowJs: true, checkJs: true };

/** Complaints of the compiler, one a line, each beginning with the name of a block's file. */
let complaints: string[];

/** Compiles blocks against the packages as they are published. */
function compile(
  name: string,
  compilerOptions: object,
  ending: string,
  some: readonly CodeBlock[],
): string[] {
  const own = `${folder}${name}/`;
  mkdirSync(own, { recursive: true });
  for (const block of some) writeFileSync(`${own}${fileNameOf(block)}${ending}`, block.code);
  writeFileSync(`${own}tsconfig.json`, JSON.stringify({ compilerOptions, include: [`*${ending}`] }));
  const { stdout } = spawnSync(
    process.execPath,
    [`${ROOT}node_modules/typescript7/bin/tsc`, '-p', 'tsconfig.json', '--pretty', 'false'],
    { cwd: own, encoding: 'utf8' },
  );
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}

beforeAll(() => {
  const [js, ts] = ['js', 'ts'].map((language) => blocks.filter((block) => block.language === language));
  complaints = [...compile('ts', STRICT, '.mts', ts!), ...compile('js', PLAIN, '.mjs', js!)];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function complaintsOf(block: CodeBlock): string[] {
  return complaints.filter((line) => line.startsWith(`${fileNameOf(block)}.m`));
}

describe('programs have the right types', () => {
  it('those that run', () => {
    expect(blocks.filter(({ noRun }) => noRun === undefined).flatMap(complaintsOf)).toEqual([]);
  });

  it.each(
    blocks.filter(({ noRun }) => noRun !== undefined).map((block) => ({ ...block, place: placeOf(block) })),
  )('$place, which is not run: $noRun', (block) => {
    expect(complaintsOf(block)).toEqual([]);
  });

  it('and a wrong one is found', () => {
    const code =
      "import { selectBackend } from '@infnet/core-model';\nawait selectBackend({ name: 'wasm' });\n";
    const [wrong] = compile('wrong', STRICT, '.mts', [{ ...blocks[0]!, code }]);
    expect(wrong).toContain('TS2353');
  });
});
