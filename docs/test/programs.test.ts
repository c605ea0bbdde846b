import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBlocks, blocksIn, type CodeBlock, placeOf } from './code-blocks.js';
import { brokenPromise, fileNameOf, linesOf, PROGRAMS, promisedBy, writeProgram } from './programs.js';
import { makeSupplies, supply } from './supplies.js';

const blocks = allBlocks().filter(
  ({ language, file }) => ['js', 'ts'].includes(language) && file === undefined,
);
const runnable = blocks.filter(({ noRun }) => noRun === undefined);
const supplies = `${PROGRAMS}supplies/`;

/** What pages promise in words, by the page and the number of its program. */
const PROSE: Readonly<Record<string, (printed: readonly string[]) => void>> = {
  'packages/losses/README.md 1': (printed) => {
    const losses = printed.map((line) => Number(line.split(' ')[1]));
    expect(losses).toHaveLength(4);
    expect(losses[0]).toBeCloseTo(1.2, 0);
    expect(losses.at(-1)).toBeLessThan(0.1);
  },
  'packages/semi-supervised/README.md 1': (printed) => {
    expect(printed.filter((line) => /^epoch \d+: loss \d\.\d\d$/.test(line))).toHaveLength(15);
    expect(printed[0]).toMatch(/^epoch 1: loss [4-9]/);
    expect(Number(printed.at(-1)!.split(' ').at(-1))).toBeGreaterThan(0.6);
  },
};

let model: Uint8Array;
const server = createServer((_, response) => void response.end(model));
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  mkdirSync(supplies, { recursive: true });
  await makeSupplies(supplies);
  model = readFileSync(`${supplies}Inf-Net-100.pth`);
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  env = {
    MODEL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.pth`,
    MODEL_INTEGRITY: `sha256-${createHash('sha256').update(model).digest('base64')}`,
    INFNET_CACHE: `${PROGRAMS}cache`,
  };
});
afterAll(() => {
  server.close();
  rmSync(PROGRAMS, { recursive: true, force: true });
});

/** Runs a page's programs one after the other in a folder of the page's own. */
async function expectToRun(page: string): Promise<void> {
  const folder = `${PROGRAMS}${page.replaceAll(/\W+/g, '-')}/`;
  for (const [i, block] of runnable.filter((other) => other.page === page).entries()) {
    const path = await writeProgram(block, folder);
    supply(supplies, folder, block.code);
    const printed = await linesOf(path, folder, env).catch((error: Error) => {
      throw new Error(`${placeOf(block)}: ${error.message}`, { cause: error });
    });
    expect(
      brokenPromise(printed, promisedBy(block)),
      `${placeOf(block)} printed ${printed.join(' | ')}`,
    ).toBe(undefined);
    PROSE[`${page} ${i + 1}`]?.(printed);
  }
}

describe('programs run and print what they promise', () => {
  it.concurrent.each([...new Set(runnable.map(({ page }) => page))])('%s', expectToRun);

  it('in words too', () => {
    const pages = Object.keys(PROSE).map((key) => key.split(' ')[0]);
    expect(runnable.map(({ page }) => page)).toEqual(expect.arrayContaining(pages));
  });
});

describe('what the check would find', () => {
  const [block] = blocksIn(
    'page.md',
    "```js\nconsole.log('one'); // one\nconsole.log('two'); // three\n```\n",
  ) as [CodeBlock];

  it('a promise that is not kept', () => {
    expect(promisedBy(block)).toEqual(['one', 'three']);
    expect(brokenPromise(['one', 'two'], promisedBy(block))).toBe('three');
    expect(brokenPromise(['three', 'one'], promisedBy(block))).toBe('three');
  });

  it('a program that fails, or writes to stderr', async () => {
    const folder = `${PROGRAMS}faulty/`;
    for (const code of ["throw new Error('x');", "console.warn('x');", "import 'no-such-package';"]) {
      const path = await writeProgram({ ...block, code }, folder);
      await expect(linesOf(path, folder, {})).rejects.toThrow(/x|no-such-package/);
    }
    expect(fileNameOf(block)).toBe('page-md-1');
  });
});
