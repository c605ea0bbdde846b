import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { CalledOffError, Rendezvous, RENDEZVOUS_BYTES } from '../../src/parallel/rendezvous.js';
import { slotMemory } from '../../src/parallel/slots.js';
import { bundle } from '../bundle.js';

it('who waits for others that do not come gives up and says so', () => {
  const rendezvous = new Rendezvous(new SharedArrayBuffer(RENDEZVOUS_BYTES), 1);
  expect(() => rendezvous.meet('all', 2)).toThrow(/have not come for 1 s/);
});

it('nobody waits once it is called off', () => {
  const rendezvous = new Rendezvous(new SharedArrayBuffer(RENDEZVOUS_BYTES));
  rendezvous.callOff();
  for (const gate of ['pass', 'all'] as const) {
    expect(() => rendezvous.meet(gate, 2)).toThrow(CalledOffError);
  }
});

it('who waits is woken by nothing but the others, or by calling off', async () => {
  const memory = new SharedArrayBuffer(RENDEZVOUS_BYTES);
  const script = await bundle(
    'waiting',
    `import { parentPort, workerData } from 'node:worker_threads';
     import { Rendezvous } from '../src/parallel/rendezvous.js';
     const rendezvous = new Rendezvous(workerData);
     try {
       parentPort!.postMessage('waits', []);
       rendezvous.meet('pass', 2);
       parentPort!.postMessage('met', []);
       rendezvous.meet('pass', 2);
     } catch (error) { parentPort!.postMessage((error as Error).name, []); }`,
  );
  const worker = new Worker(script, { workerData: memory });
  const heard: unknown[] = [];
  const next = async (): Promise<void> => void heard.push((await once(worker, 'message'))[0]);
  await next();
  const words = new Int32Array(memory);
  // A thread that opened the gate the time before wakes whoever waits by now, however late it comes to it.
  await expect
    .poll(() => [...words.keys()].reduce((woken, word) => woken + Atomics.notify(words, word), 0))
    .toBe(1);
  heard.push('woken in vain');
  await new Promise((resolve) => setTimeout(resolve, 50));
  new Rendezvous(memory, 5).meet('pass', 2);
  await next();
  new Rendezvous(memory).callOff();
  await next();
  expect(heard).toEqual(['waits', 'woken in vain', 'met', 'CalledOffError']);
});

it('threads that exchange numbers over and over see what each laid down last', async () => {
  const workers = 3;
  const memory = slotMemory(workers);
  const script = await bundle(
    'exchanging',
    `import { parentPort, workerData } from 'node:worker_threads';
     import { Slots } from '../src/parallel/slots.js';
     const { memory, own, workers, rounds } = workerData;
     const slots = new Slots(memory, own);
     let wrong = 0;
     for (let round = 0; round < rounds; round++) {
       // The last worker stays away from every other run of passes.
       const members = round % 2 === 0 ? workers : workers - 1;
       const kinds = own < members ? (['pass', 'pass', 'pass', 'all'] as const) : (['all'] as const);
       for (const [index, gate] of kinds.entries()) {
         const step = gate === 'all' ? 3 : index;
         const values = Float64Array.from({ length: 5 }, (_, i) => own + 10 * step + 100 * round + i / 8);
         const all = slots.exchange(gate, gate === 'all' ? workers : members, values);
         if (all.some((theirs, other) => theirs.some((value, i) => value !== values[i]! - own + other))) wrong++;
       }
     }
     parentPort!.postMessage(wrong);`,
  );
  const wrong = await Promise.all(
    Array.from({ length: workers }, (_, own) => firstMessage(script, { memory, own, workers, rounds: 5000 })),
  );
  expect(wrong).toEqual([0, 0, 0]);
});

it('a worker that hands over other numbers than the rest is an error with all of them', async () => {
  const memory = slotMemory(2);
  const script = await bundle(
    'out-of-step',
    `import { parentPort, workerData } from 'node:worker_threads';
     import { Slots } from '../src/parallel/slots.js';
     const { memory, own } = workerData;
     try { new Slots(memory, own).exchange('all', 2, new Float32Array(1 + own)); }
     catch (error) { parentPort!.postMessage((error as Error).message, []); }`,
  );
  const messages = await Promise.all([0, 1].map((own) => firstMessage(script, { memory, own })));
  for (const message of messages) expect(message).toMatch(/out of step/);
});

function firstMessage(script: string, workerData: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('it said nothing')));
  });
}
