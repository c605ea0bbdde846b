/**
 * What a slice gate changes, on phantoms that neither the demo model nor the gate has seen: trains a gate for the demo
 * model, segments with and without it, and compares both with the truth. Takes some minutes.
 *
 *     npm run build && node scripts/gate-on-phantoms.mjs [FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPhantom, writeMask, writeVolume } from '@infnet/io-medical';

const DIMS = [256, 256, 16];
const THRESHOLDS = ['0.05', '0.5'];
const BIN = new URL('../packages/cli/bin/infnet.js', import.meta.url).pathname;
const root = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'infnet-gate-'));
const at = (...parts) => join(root, ...parts);

/** Phantoms with their masks, of the size that the demo model was trained on; every third patient is healthy. */
async function writePhantoms(name, firstSeed, count) {
  mkdirSync(at(name, 'volumes'), { recursive: true });
  mkdirSync(at(name, 'masks'), { recursive: true });
  for (let i = 0; i < count; i++) {
    const seed = firstSeed + i;
    const { volume, infection } = createPhantom({ seed, dims: DIMS, infection: i % 3 !== 2 });
    await writeVolume(at(name, 'volumes', `phantom-${seed}.nii.gz`), volume);
    await writeMask(at(name, 'masks', `phantom-${seed}.nii.gz`), infection, volume);
  }
}

function infnet(...args) {
  console.log(`$ infnet ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [BIN, ...args, '--quiet'], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`infnet ${args[0]} ended with ${status}`);
}

await writePhantoms('train', 9000, 12);
await writePhantoms('test', 9500, 12);
infnet('dataset', at('train', 'volumes'), '--masks', at('train', 'masks'), '-o', at('data'), '--val', '0.25');
infnet('train-gate', at('data', 'train'), '--val-dir', at('data', 'val'), '--copies', '2', '-o', at('gate'));
const test = at('test', 'volumes');
infnet('segment', test, '-o', at('without'), '--no-lung-mask');
for (const threshold of THRESHOLDS) {
  const gate = ['--gate', at('gate', 'model.safetensors'), '--gate-threshold', threshold];
  infnet('segment', test, '-o', at(`gate-${threshold}`), '--no-lung-mask', ...gate);
}
const systems = ['without', ...THRESHOLDS.map((threshold) => `gate-${threshold}`)].map(
  (name) => `${name}=${at(name, 'masks')}`,
);
const files = [
  '--json',
  at('scores.json'),
  '--markdown',
  at('scores.md'),
  '--csv-volumes',
  at('volumes.csv'),
];
infnet('evaluate', '--pred', ...systems, '--gt', at('test', 'masks'), ...files);
