import { bench, describe } from 'vitest';
import {
  evaluateMap,
  normalizedSurfaceDice,
  robustHausdorffDistance,
  weightedFMeasure,
} from '../src/index.js';
import { randomCase } from '../test/support/random.js';
import { compileC, fileOf, runNode, runPython, type PeerAnswer } from './peers/run-peer.js';

/**
 * Our measures beside a C loop, PySODMetrics and scipy, in turns on the same images. Every figure is the fastest of many
 * runs in a process of its own: peers by their processor time, ours, as built, by the clock, so that a busy machine counts
 * against us. The table is printed once; vitest's own figures follow.
 */
const ROUNDS = 3;
const histogram = compileC('histogram');
const rows: string[][] = [['what', 'ours', 'peer', 'ratio', 'bar', '']];

for (const side of [352, 512]) {
  const shape = { width: side, height: side };
  const { prediction, groundTruth } = randomCase(1, side, side);
  const grey = groundTruth.map((value) => value * 255);
  const floats = Float32Array.from(prediction, (value) => value / 255);
  const files = [fileOf(`prediction-${side}`, prediction), fileOf(`mask-${side}`, grey), side, side];
  const ours: PeerAnswer[] = [];
  const c: PeerAnswer[] = [];
  const python: PeerAnswer[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(runNode('ours', [...files, 300]));
    c.push(histogram ? histogram([...files, 300]) : 'no C compiler');
    python.push(runPython('pysodmetrics', [...files, 10]));
  }
  const [swept, full, weighted] = [0, 1, 2].map((k) => Number(column(ours, k))) as [number, number, number];
  compare(`C histogram and mask pass : full report, ${side}`, full, column(c, 0), { most: 4 });
  compare(`PySODMetrics : sweep, ${side}`, swept, column(python, 0), { least: 50 });
  compare(`PySODMetrics : full report, ${side}`, full, column(python, 1), { least: 25 });
  compare(`PySODMetrics : weighted F, ${side}`, weighted, column(python, 2), { least: 3 });

  describe(`${side} x ${side}`, () => {
    bench('full report, 8-bit', () => void evaluateMap(prediction, grey, shape));
    bench('full report, float32', () => void evaluateMap(floats, grey, shape));
    bench('weighted F, 8-bit', () => void weightedFMeasure(prediction, grey, shape));
  });
}

const grid = { width: 512, height: 512, depth: 100, spacing: [0.7, 0.7, 2.5] };
const volumes = [lesions(0), lesions(3)] as const;
const surfaces = {
  hd95: () => robustHausdorffDistance(...volumes, { ...grid, definition: 'pooled' }),
  nsd: () => normalizedSurfaceDice(...volumes, { ...grid, tolerance: 1, surface: 'border-voxels' }),
};
const hd95 = fastest(surfaces.hd95, 3);
const scipy = runPython('surface_distances', [
  ...volumes.map((mask, i) => fileOf(`volume-${i}`, mask)),
  grid.width,
  grid.height,
  grid.depth,
  ...grid.spacing,
  2,
]);
compare('scipy, cropped : HD95, 512 x 512 x 100', hd95, column([scipy], 0), { least: 1 });
compare('scipy, cropped : NSD, 512 x 512 x 100', fastest(surfaces.nsd, 3), column([scipy], 0), { least: 1 });
if (typeof scipy !== 'string') {
  rows.push(['HD95 and NSD agree with scipy', String(surfaces.hd95()), String(scipy[1]), '', '', '']);
  rows.push(['', String(surfaces.nsd()), String(scipy[2]), '', '', '']);
}

describe('512 x 512 x 100', () => {
  bench('HD95', () => void surfaces.hd95(), { iterations: 3, time: 0 });
  bench('NSD', () => void surfaces.nsd(), { iterations: 3, time: 0 });
});

const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
console.log(rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')).join('\n'));

/** Fastest of several runs in nanoseconds. */
function fastest(run: () => unknown, repeats: number): number {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = process.hrtime.bigint();
    run();
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return best;
}

/** The smallest of a peer's answers, or why there is none. */
function column(answers: readonly PeerAnswer[], k: number): number | string {
  const numbers = answers.filter((answer) => typeof answer !== 'string').map((answer) => answer[k]!);
  return numbers.length > 0 ? Math.min(...numbers) : String(answers[0]);
}

/** One line: at least so many times as fast as the peer, or at most so many times as slow. */
function compare(
  what: string,
  ours: number,
  peer: number | string,
  bar: { least?: number; most?: number },
): void {
  const milliseconds = (nanoseconds: number): string => `${(nanoseconds / 1e6).toFixed(3)} ms`;
  if (typeof peer === 'string') {
    rows.push([what, milliseconds(ours), `not here: ${peer}`, '', '', '']);
    return;
  }
  const ratio = bar.most === undefined ? peer / ours : ours / peer;
  const holds = bar.most === undefined ? ratio >= bar.least! : ratio <= bar.most;
  const wanted = bar.most === undefined ? `>= ${bar.least}` : `<= ${bar.most}`;
  rows.push([
    what,
    milliseconds(ours),
    milliseconds(peer),
    ratio.toFixed(2),
    wanted,
    holds ? 'holds' : 'MISSED',
  ]);
}

/** Two lungs' worth of patches, moved by some voxels. */
function lesions(shift: number): Uint8Array {
  const mask = new Uint8Array(grid.width * grid.height * grid.depth);
  const patches = [
    [150, 250, 30, 60, 80, 20],
    [360, 230, 50, 50, 60, 25],
    [170, 300, 70, 40, 30, 12],
    [340, 320, 75, 35, 45, 10],
  ] as const;
  for (const [cx, cy, cz, rx, ry, rz] of patches) {
    for (let z = cz - rz; z <= cz + rz; z++) {
      for (let y = cy - ry; y <= cy + ry; y++) {
        for (let x = cx - rx; x <= cx + rx; x++) {
          const inside = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2 < 1;
          if (inside) mask[x + shift + grid.width * (y + shift + grid.height * z)] = 1;
        }
      }
    }
  }
  return mask;
}
