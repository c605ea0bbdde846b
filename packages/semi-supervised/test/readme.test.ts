import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundle } from './bundle.js';

it('the README’s first program runs and prints what it promises', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, source] = readme.match(/```js\n(.*?)```/s) as [string, string];
  const { stdout } = await promisify(execFile)(process.execPath, [await bundle('readme', source)]);
  expect(stdout).toMatch(/epoch 1: loss [4-9]\.\d\d\n/);
  const scores = [...stdout.matchAll(/Dice (0\.\d\d)/g)].map((match) => Number(match[1]));
  expect(scores.at(-1)).toBeGreaterThan(0.6);
});
