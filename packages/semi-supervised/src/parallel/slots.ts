import { TrainingError } from '../errors.js';
import { Rendezvous, RENDEZVOUS_BYTES, type Gate } from './rendezvous.js';

/** Bytes of numbers that a worker hands over at once. */
const SLOT_BYTES = 2 ** 20;
/** Before them, how many bytes they are; so long that float64 numbers lie where they may. */
const HEADER_BYTES = 8;
const STRIDE = HEADER_BYTES + SLOT_BYTES;
/** Before all slots, the words of the rendezvous. */
const FIRST_SLOT = Math.ceil(RENDEZVOUS_BYTES / HEADER_BYTES) * HEADER_BYTES;

type Numbers = Float32Array | Float64Array;

/** Memory for so many workers. */
export function slotMemory(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(FIRST_SLOT + 4 * workers * STRIDE);
}

/**
 * A place in shared memory for each worker, where it lays down numbers for the others. There are two for each gate, taken in
 * turns: whoever begins an exchange knows that everyone has finished with the last but one.
 */
export class Slots {
  readonly #memory: SharedArrayBuffer;
  readonly #rendezvous: Rendezvous;
  readonly #own: number;
  readonly #workers: number;

  /** @param own number of this worker, from 0 */
  constructor(memory: SharedArrayBuffer, own: number) {
    this.#memory = memory;
    this.#rendezvous = new Rendezvous(memory);
    this.#own = own;
    this.#workers = (memory.byteLength - FIRST_SLOT) / (4 * STRIDE);
  }

  /** The most numbers of a kind that fit. */
  static capacity(kind: Numbers): number {
    return SLOT_BYTES / kind.BYTES_PER_ELEMENT;
  }

  /**
   * Lays down this worker's numbers, waits for the others, and gives those of the first `members` workers, in their order:
   * views that hold until the next exchange at this gate.
   *
   * @throws TrainingError `worker-failed`, as `Rendezvous.meet`, or where the others have another number of them
   */
  exchange<T extends Numbers>(gate: Gate, members: number, values: T): T[] {
    const turn = this.#rendezvous.opened(gate) % 2;
    const place = (worker: number): number =>
      FIRST_SLOT + STRIDE * (worker + this.#workers * (turn + (gate === 'all' ? 2 : 0)));
    const header = (worker: number): Float64Array => new Float64Array(this.#memory, place(worker), 1);
    const view = (worker: number): T => {
      const kind = values.constructor as new (memory: SharedArrayBuffer, begin: number, length: number) => T;
      return new kind(this.#memory, place(worker) + HEADER_BYTES, values.length);
    };
    header(this.#own)[0] = values.byteLength;
    view(this.#own).set(values);
    this.#rendezvous.meet(gate, members);
    return Array.from({ length: members }, (_, worker) => {
      if (header(worker)[0] === values.byteLength) return view(worker);
      throw new TrainingError(
        'worker-failed',
        'the workers are out of step: they hand over numbers of different kinds',
        'This is a fault of the program: train with one worker, and report it.',
      );
    });
  }
}
