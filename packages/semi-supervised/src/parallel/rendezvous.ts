import { TrainingError } from '../errors.js';

/** Where workers wait for each other: those that have slices of a pass, or all. */
export type Gate = 'pass' | 'all';

/** Words of the shared memory: whether the work was called off, and for each gate who has come and how often it opened. */
const CALLED_OFF = 0;
const ARRIVED = { pass: 1, all: 3 } as const;
const OPENED = { pass: 2, all: 4 } as const;

/** Bytes of shared memory that a {@link Rendezvous} lives in. */
export const RENDEZVOUS_BYTES: number = 5 * Int32Array.BYTES_PER_ELEMENT;

/**
 * Seconds that a worker waits for the others. One that dies is noticed at once, by the thread that started it; this is for
 * one that hangs, and longer than what any does between two meetings.
 */
const PATIENCE = 600;

/** A meeting that will not take place: another worker failed, or died, and tells why itself. */
export class CalledOffError extends TrainingError {
  override readonly name: string = 'CalledOffError';

  constructor() {
    super('worker-failed', 'another worker failed', 'See what that one says.');
  }
}

/** Lets threads wait for each other, in memory that they share. */
export class Rendezvous {
  readonly #words: Int32Array;
  readonly #patience: number;

  constructor(memory: SharedArrayBuffer, patience: number = PATIENCE) {
    this.#words = new Int32Array(memory, 0, RENDEZVOUS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#patience = patience;
  }

  /** How often a gate has opened. */
  opened(gate: Gate): number {
    return Atomics.load(this.#words, OPENED[gate]);
  }

  /**
   * Stands still until `members` threads have come to the gate. Between two meetings at a gate for fewer than all, every
   * thread has to have been at that for all.
   *
   * @throws CalledOffError when it was called off meanwhile, or before
   * @throws TrainingError `worker-failed` when the others do not come
   */
  meet(gate: Gate, members: number): void {
    const before = this.opened(gate);
    this.#check();
    if (Atomics.add(this.#words, ARRIVED[gate], 1) + 1 === members) {
      Atomics.store(this.#words, ARRIVED[gate], 0);
      this.#open(gate);
    } else {
      this.#wait(gate, before);
    }
    this.#check();
  }

  /** Ends all waiting, now and from now on. */
  callOff(): void {
    Atomics.store(this.#words, CALLED_OFF, 1);
    for (const gate of ['pass', 'all'] as const) this.#open(gate);
  }

  /**
   * Until the gate opens. Who is woken has to look: whoever opened it the time before may come to notify only now. Second by
   * second, so that the time does not count for which the whole process was suspended.
   */
  #wait(gate: Gate, before: number): void {
    let seconds = 0;
    while (this.opened(gate) === before) {
      if (Atomics.wait(this.#words, OPENED[gate], before, 1000) === 'timed-out') seconds++;
      if (seconds < this.#patience) continue;
      throw new TrainingError(
        'worker-failed',
        `the other workers have not come for ${this.#patience} s`,
        'Resume the run; if it happens again, train with one worker and report it.',
      );
    }
  }

  #open(gate: Gate): void {
    Atomics.add(this.#words, OPENED[gate], 1);
    Atomics.notify(this.#words, OPENED[gate]);
  }

  #check(): void {
    if (Atomics.load(this.#words, CALLED_OFF) === 1) throw new CalledOffError();
  }
}
