import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksIn, ROOT } from './code-blocks.js';
import { linesOf, PROGRAMS } from './programs.js';

const page = 'docs/guide/how-to/writing-a-backbone.md';
const blocks = blocksIn(page, readFileSync(ROOT + page, 'utf8'));
const copy = `${PROGRAMS}backbone/`;
const core = `${copy}packages/core-model/`;

/** Trains a step with the new backbone, saves, loads, folds, and counts. */
const PROGRAM = `
import * as tf from '@tensorflow/tfjs';
import { InfNet, loadModel, modelCost, readSafetensors, selectBackend, writeSafetensors } from './src/index.ts';

await selectBackend('wasm');
const model = InfNet.create({ backbone: 'plain', width: 0.125, channels: 4, seed: 0 });
const images = tf.randomUniform([2, 64, 64, 3], -1, 1, 'float32', 1);
const loss = () => tf.mean(tf.square(model.forward(images, { training: true }).s3));
const { grads } = tf.variableGrads(loss);
const moved = Object.values(grads).filter((grad) => tf.max(tf.abs(grad)).dataSync()[0] > 0);
console.log(moved.length > 100);
const dict = await model.stateDict();
console.log(dict.has('resnet.layer4.1.conv1.weight'));
const again = await loadModel(writeSafetensors(dict));
console.log(again.options.backbone, again.options.width, again.options.blocks.join());
const [own, loaded, folded] = [model, again, model.fuse()].map((network) => network.predict(images).dataSync());
const apart = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
console.log(apart(own, loaded) === 0, apart(own, folded) < 1e-4, own.length);
console.log(modelCost('inf-net', { backbone: 'plain' }, { height: 64, width: 64 }).parameters);
`;

beforeAll(() => {
  mkdirSync(core, { recursive: true });
  cpSync(`${ROOT}packages/core-model/src`, `${core}src`, { recursive: true });
  cpSync(`${ROOT}packages/core-model/package.json`, `${core}package.json`);
  for (const { file, code } of blocks) if (file !== undefined) writeFileSync(copy + file, code);
  for (const { language, code } of blocks) if (language === 'diff') apply(code);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Applies a unified diff; the old lines of each hunk have to stand in the file once. */
function apply(diff: string): void {
  for (const [, path, hunks] of diff.matchAll(/^--- a\/(.+)\n\+\+\+ .*\n([^]*?)(?=^--- |$(?![^]))/gm)) {
    let text = readFileSync(copy + path!, 'utf8');
    for (const hunk of hunks!.split(/^@@.*\n/m).slice(1)) {
      const lines = hunk.split('\n').slice(0, -1);
      const side = (drop: string): string =>
        lines
          .filter((line) => line[0] !== drop)
          .map((line) => `${line.slice(1)}\n`)
          .join('');
      expect(text.split(side('+')), `${path} holds once:\n${side('+')}`).toHaveLength(2);
      text = text.replace(side('+'), () => side('-'));
    }
    writeFileSync(copy + path!, text);
  }
}

it('the backbone of the guide compiles', () => {
  const options = JSON.parse(readFileSync(`${ROOT}packages/core-model/tsconfig.lib.json`, 'utf8')) as object;
  const extended = { ...options, extends: `${ROOT}tsconfig.base.json`, references: [] };
  writeFileSync(`${core}tsconfig.json`, JSON.stringify(extended));
  const { stdout } = spawnSync(
    process.execPath,
    [
      `${ROOT}node_modules/typescript7/bin/tsc`,
      '-p',
      'tsconfig.json',
      '--outDir',
      'dist',
      '--pretty',
      'false',
    ],
    { cwd: core, encoding: 'utf8' },
  );
  expect(stdout).toBe('');
});

it('and trains, is saved, recognised, folded and counted', async () => {
  const outfile = `${core}program.mjs`;
  await build({
    stdin: { contents: PROGRAM, resolveDir: core, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@tensorflow/*'],
    logLevel: 'error',
  });
  const [trains, named, recognised, same, parameters] = await linesOf(outfile, core, {});
  expect([trains, named]).toEqual(['true', 'true']);
  expect(recognised).toBe('plain 0.125 2,2,2,2');
  expect(same).toBe(`true true ${2 * 64 * 64}`);
  expect(Number(parameters)).toBeGreaterThan(5_000_000);
});
