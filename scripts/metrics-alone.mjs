/**
 * How other projects use the metrics: their tarball alone in an empty project, run by Node, type-checked strictly under
 * both ways of resolving modules, and bundled for a page that Chromium runs. For check-packages.mjs.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { noChromium, openPage } from './chromium.mjs';

/** Uses every sub-path; its answer is the same wherever it runs. */
const PROGRAM = `
import { dice, evaluateMap, DatasetEvaluator } from '@infnet/metrics';
import { evaluateBoundary } from '@infnet/metrics/boundary';
import { VERSION } from '@infnet/metrics';
import { bootstrapInterval } from '@infnet/metrics/stats';

const shape = { width: 4, height: 4 };
const truth = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
const map = Float32Array.from(truth, (inside, i) => (inside === 1 ? 0.9 : i / 100));
const evaluator = new DatasetEvaluator({ protocol: 'infnet' });
evaluator.add('case', map, truth, shape);
export const answer: string = JSON.stringify([
  VERSION,
  dice(truth, truth),
  evaluateMap(map, truth, shape).scores,
  evaluator.summary().scores.meanDice,
  evaluateBoundary(truth, truth, { ...shape, spacing: [1, 1] }),
  bootstrapInterval([0.5, 0.6, 0.7], { seed: 1 }),
]);
`;

/**
 * @param tools.tarball path of the packed package
 * @param tools.folder a new folder to work in
 * @param tools.npm runs npm with arguments in a folder
 * @param tools.tsc runs the compiler with arguments in a folder
 * @returns what was checked, in words; throws at the first fault
 */
export async function checkMetricsAlone({ tarball, folder, npm, tsc }) {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'alone', private: true, type: 'module' }),
  );
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], { cwd: folder });
  const installed = readdirSync(join(folder, 'node_modules'))
    .filter((name) => !name.startsWith('.'))
    .flatMap((scope) => readdirSync(join(folder, 'node_modules', scope)).map((name) => `${scope}/${name}`));
  if (installed.join() !== '@infnet/metrics') throw new Error(`it brings ${installed.join(', ')} along`);

  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const common = [...strict, '--target', 'es2022', '--lib', 'es2022', '--skipLibCheck', 'false', '--noEmit'];
  tsc([...common, '--module', 'nodenext', 'program.ts'], { cwd: folder });
  tsc([...common, '--module', 'esnext', '--moduleResolution', 'bundler', 'program.ts'], { cwd: folder });

  const bundle = await bundled(folder, 'esm', 'node');
  writeFileSync(join(folder, 'program.mjs'), bundle);
  const { answer: here } = await import(join(folder, 'program.mjs'));
  const skipped = noChromium();
  if (skipped !== '') return `alone: Node, strict types (a page is skipped: ${skipped})`;
  const there = await answerOfPage(await bundled(folder, 'iife', 'browser'));
  if (there !== here) throw new Error(`Chromium answers ${there}, Node ${here}`);
  return 'alone: Node, strict types, and a page in Chromium that gives the same numbers';
}

async function bundled(folder, format, platform) {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: folder, loader: 'ts' },
    bundle: true,
    format,
    platform,
    globalName: 'program',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

async function answerOfPage(script) {
  const files = {
    '/': { body: '<!doctype html><script src="/program.js"></script>', type: 'text/html' },
    '/program.js': { body: script, type: 'text/javascript' },
  };
  const opened = await openPage({ serve: (path) => files[path] });
  try {
    return await opened.page.evaluate('program.answer');
  } finally {
    await opened.close();
  }
}
