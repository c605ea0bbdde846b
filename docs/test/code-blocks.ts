import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** Written by scripts/cli-reference.mjs. */
const GENERATED = 'docs/guide/reference/command-line.md';

/** A fenced block of code, in a page or in a docstring. */
export interface CodeBlock {
  /** Path from the repository's root. */
  readonly page: string;
  readonly line: number;
  /** `js`, `ts`, `sh`, ...; empty where none is given. */
  readonly language: string;
  readonly code: string;
  /** Why it cannot run in the tests, from `no-run: REASON` behind the language; it is checked all the same. */
  readonly noRun: string | undefined;
  /** The file that it is meant to be, from `file=PATH` behind the language. */
  readonly file: string | undefined;
}

/** Every page whose code is checked: READMEs, guides, and the docstrings that the reference is made of. */
export function pages(): string[] {
  const folders = readdirSync(`${ROOT}packages`).filter((name) => !name.startsWith('.'));
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...filesBelow('docs/guide', '.md').filter((page) => page !== GENERATED),
    ...folders.map((name) => `packages/${name}/README.md`),
    ...folders.flatMap((name) => filesBelow(`packages/${name}/src`, '.ts')),
  ];
}

/** The code blocks of every page. */
export function allBlocks(): CodeBlock[] {
  return pages().flatMap((page) => blocksIn(page, readFileSync(ROOT + page, 'utf8')));
}

/** The code blocks of Markdown, or of the docstrings of a source file. */
export function blocksIn(page: string, text: string): CodeBlock[] {
  const source = page.endsWith('.ts');
  const fence = source ? /^ *\* ```(.+)\n([^]*?)^ *\* ```$/gm : /^```(.*)\n([^]*?)^```$/gm;
  return [...text.replaceAll('\r\n', '\n').matchAll(fence)].map(({ index, 1: info = '', 2: code = '' }) => ({
    page,
    line: text.slice(0, index).split('\n').length,
    language: info.match(/^\w*/)![0],
    code: source ? code.replaceAll(/^ *\* ?/gm, '') : code,
    noRun: info.match(/ no-run: (.+)$/)?.[1],
    file: info.match(/ file=(\S+)/)?.[1],
  }));
}

/** Where a block stands: `README.md:12`. */
export function placeOf({ page, line }: CodeBlock): string {
  return `${page}:${line}`;
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(ROOT + folder, { encoding: 'utf8', recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith(ending))
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => `${folder}/${name}`);
}
