import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../src/index.js';
import { bundle } from '../bundle.js';
import { runProgram } from '../doomed-program.js';
import { withoutMasks, writeImages } from '../pgm-io.js';
import { discs } from '../tiny.js';

/** How often each method is killed. */
const KILLS = { 'algorithm-1': 20, 'one-shot': 6, 'mean-teacher': 6 } as const;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infnet-semi-kill-'));
  await writeImages(
    join(folder, 'unlabelled'),
    withoutMasks(discs(9).slice(4), (i) => `ct_${i}`),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Every file of a run but its logs, which tell times. */
async function filesOf(run: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(run, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== 'log.jsonl')
    .map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, Buffer>();
  for (const path of paths.toSorted()) files.set(path.slice(run.length), await readFile(path));
  return files;
}

it.each(Object.entries(KILLS))(
  '%s, killed %i times at random moments and started again, ends with the very bytes of an undisturbed run',
  { timeout: 900_000 },
  async (method, wanted) => {
    const program = await bundle(
      `doomed-${method}-run`,
      `import { doomedRun } from './semi/doomed-run.js'; await doomedRun(process.argv[2] as string, '${method}');`,
    );
    const whole = join(folder, `${method}-whole`);
    const killed = join(folder, `${method}-killed`);
    const { ms } = await runProgram(program, whole);
    const expected = await filesOf(whole);
    const expectSame = async (kills: number): Promise<void> => {
      const actual = await filesOf(killed);
      expect([...actual.keys()]).toEqual([...expected.keys()]);
      for (const [path, bytes] of expected) {
        expect(actual.get(path)?.equals(bytes), `${path} after ${kills} kills`).toBe(true);
      }
    };
    const random = Random.of('semi-kill', Date.now());
    let kills = 0;
    while (kills < wanted) {
      // Short enough to die more often than not, long enough to get on now and then.
      const { completed } = await runProgram(program, killed, random.uniform(0, ms / 4));
      if (!completed) kills += 1;
      else {
        await expectSame(kills);
        await rm(killed, { recursive: true });
      }
    }
    await runProgram(program, killed);
    await expectSame(kills);
  },
);
