import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundleForNode } from '../bundle.js';
import type { LongRunReport } from './long-run.js';

/** Compiled code and pages that V8 keeps; a leak of one feature a prediction would be a hundred times as much. */
const NOISE = 64 * 2 ** 20;

it('1,000 predictions and 200 training steps leave no tensor behind, and memory stays flat', async () => {
  const program = await bundleForNode(new URL('long-run.ts', import.meta.url));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--expose-gc', program, '1000', '200']);
  const report = JSON.parse(stdout) as LongRunReport;
  for (const [name, { warm, end }] of Object.entries(report)) {
    expect(end.tensors, `tensors, ${name}`).toBe(warm.tensors);
    expect(end.residentBytes - warm.residentBytes, `resident bytes, ${name}`).toBeLessThan(NOISE);
  }
}, 600_000);
