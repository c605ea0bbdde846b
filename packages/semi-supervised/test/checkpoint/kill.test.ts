import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../src/index.js';
import { bundle } from '../bundle.js';
import { runProgram } from '../doomed-program.js';

const KILLS = 10;

let program = '';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-kill-'));
  program = await bundle(
    'doomed-run',
    "import { doomedRun } from './checkpoint/doomed-run.js'; await doomedRun(process.argv[2] as string);",
  );
});
afterAll(() => rm(folder, { recursive: true }));

it(`killed ${KILLS} times at random moments and resumed, a run ends with the very bytes of an undisturbed one`, async () => {
  const whole = join(folder, 'whole');
  const killed = join(folder, 'killed');
  const { ms } = await runProgram(program, whole);
  const random = Random.of('kill', Date.now());
  let kills = 0;
  while (kills < KILLS) {
    const { completed } = await runProgram(program, killed, random.uniform(0, ms / 6));
    if (completed) break;
    kills += 1;
  }
  await runProgram(program, killed);
  expect(kills).toBeGreaterThan(2);
  for (const name of ['model.safetensors', 'best.safetensors', 'last.safetensors', 'config.json']) {
    const [expected, actual] = await Promise.all([whole, killed].map((path) => readFile(join(path, name))));
    expect((actual as Buffer).equals(expected as Buffer), `${name} after ${kills} kills`).toBe(true);
  }
  const steps = async (runFolder: string): Promise<unknown[]> =>
    (await readFile(join(runFolder, 'log.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; step: number; loss: number })
      .filter((event) => event.type === 'step')
      .map(({ step, loss }) => [step, loss]);
  expect(await steps(killed)).toEqual(await steps(whole));
});
