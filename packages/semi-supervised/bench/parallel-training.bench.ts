import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bench, describe } from 'vitest';
import { median } from '../../core-model/bench/peers.js';
import { bundle } from '../test/bundle.js';

/**
 * One training step of the whole Res2Net50 Inf-Net on a batch of two, by one thread and by two workers: processes of their
 * own that take turns, so that what else the machine does meets both alike. Told are the median of the steps, the fastest,
 * which is nearest to what it takes by itself (two workers feel any third program), and the peak of the memory. `PRESET`, `SIZE`, `BATCH`, `WORKERS` and `STEPS` change what is measured.
 */
const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const PRESET = process.env['PRESET'] ?? 'paper';
const SIZE = setting('SIZE', 352);
const BATCH = setting('BATCH', 2);
const WORKERS = setting('WORKERS', 2);
const STEPS = setting('STEPS', 5);

/** A process that makes a step whenever it is asked for one. */
interface Stepper {
  readonly child: ChildProcess;
  readonly answers: AsyncIterator<string>;
  readonly seconds: number[];
}

const script = await bundle('training-worker', "import '../src/worker.js';");
const source = fileURLToPath(new URL('parallel-step.ts', import.meta.url));
const program = await bundle(
  'parallel-step',
  `import { makeSteps } from ${JSON.stringify(source)}; await makeSteps(process.argv.slice(2));`,
);

describe(`training step, network of ${PRESET}, ${BATCH}x${SIZE}x${SIZE}, wasm, ${availableParallelism()} cores`, () => {
  bench(`${STEPS} steps by one thread, and by ${WORKERS} workers, in turns`, measure, {
    iterations: 1,
    time: 0,
    warmupIterations: 0,
    warmupTime: 0,
  });
});

async function measure(): Promise<void> {
  const steppers = [await start(1), await start(WORKERS)];
  for (let step = 0; step <= STEPS; step++) {
    for (const stepper of steppers) {
      const seconds = await ask(stepper);
      if (step > 0) stepper.seconds.push(seconds); // the first step makes what later ones find ready
    }
  }
  const [alone, together] = [
    await tell(steppers[0]!, 'one thread'),
    await tell(steppers[1]!, `${WORKERS} workers`),
  ];
  const gain = (which: 'median' | 'fastest'): string => (alone[which] / together[which]).toFixed(2);
  process.stderr.write(
    `${WORKERS} workers: ${gain('median')} times as fast by the medians, ${gain('fastest')} by the fastest steps\n`,
  );
}

async function start(workers: number): Promise<Stepper> {
  const args = [program, script, PRESET, workers, SIZE, BATCH].map(String);
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: Interface = createInterface({ input: child.stdout });
  const stepper = { child, answers: lines[Symbol.asyncIterator](), seconds: [] };
  await stepper.answers.next();
  return stepper;
}

async function ask({ child, answers }: Stepper): Promise<number> {
  child.stdin?.write('\n');
  return Number((await answers.next()).value);
}

async function tell(
  { child, answers, seconds }: Stepper,
  who: string,
): Promise<Record<'median' | 'fastest', number>> {
  child.stdin?.end();
  const mebibytes = Math.round(Number((await answers.next()).value) / 2 ** 20);
  const told = { median: median(seconds), fastest: Math.min(...seconds) };
  const all = seconds.map((one) => one.toFixed(2)).join(', ');
  process.stderr.write(
    `${who}: ${told.median.toFixed(2)} s a step (${all}), at most ${mebibytes} MiB resident\n`,
  );
  return told;
}
