import type { WasmPaths } from '../backend/backend.js';
import { InfNetError } from '../errors.js';
import type { Failure, FromWorker, PoolModel, WorkerBackend } from './messages.js';
import { PoolError } from './pool-error.js';
import { QueuedPool } from './queued-pool.js';
import { disposed, type SliceJob } from './slice-queue.js';
import { type PoolWorker, WorkerThread } from './worker-thread.js';

/** How a {@link WorkerPool} is made. */
export interface WorkerPoolOptions {
  readonly workers: number;
  /** A file of `loadModel`. */
  readonly weights: Uint8Array;
  /** A file of a slice gate for this network. */
  readonly gate?: Uint8Array;
  /** As for `selectBackend`. */
  readonly backend: string | readonly string[];
  readonly wasmPaths?: WasmPaths;
  /** Slices that may wait for a worker. */
  readonly queue: number;
  readonly start: () => PoolWorker;
}

/** One of the workers, and what it does. */
interface Seat {
  readonly thread: WorkerThread;
  ready: boolean;
  job: { readonly id: number; readonly work: SliceJob } | undefined;
}

/** Workers that die one after the other before one of them is ready: something is wrong with all. */
const MOST_FALSE_STARTS = 3;

/**
 * Workers with a network each; a slice goes to the next one that is free. A worker that dies fails the slice it had, and
 * another takes its place.
 */
export class WorkerPool extends QueuedPool {
  readonly #options: WorkerPoolOptions;
  readonly #seats = new Set<Seat>();
  #parallel: number;
  #ready: { readonly backend: WorkerBackend; readonly model: PoolModel } | undefined;
  #nextId = 0;
  #falseStarts = 0;
  #onStarted: (() => void) | undefined;

  private constructor(options: WorkerPoolOptions) {
    super(options.queue);
    this.#options = options;
    this.#parallel = options.workers;
  }

  /** A pool whose workers are all ready. @throws {PoolError} `worker-not-started` */
  static async start(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    await pool.#add(options.workers);
    return pool;
  }

  /** Raises the number of workers; all are ready then. @throws {PoolError} `worker-not-started`, and the pool is closed */
  async grow(workers: number): Promise<void> {
    const more = workers - this.#parallel;
    this.#parallel = Math.max(workers, this.#parallel);
    await this.#add(more);
  }

  get parallel(): number {
    return this.#parallel;
  }

  get device(): string {
    return `${this.parallel} ${this.parallel === 1 ? 'worker' : 'workers'}, ${this.backend.device}`;
  }

  /** What the workers compute with. */
  get backend(): WorkerBackend {
    return this.#ready!.backend;
  }

  /** What the file of weights holds. */
  get model(): PoolModel {
    return this.#ready!.model;
  }

  async dispose(): Promise<void> {
    await this.#close(disposed());
  }

  async #add(workers: number): Promise<void> {
    const started = new Promise<void>((resolve) => (this.#onStarted = resolve));
    for (let i = 0; i < workers; i++) this.#seat();
    if (workers > 0) await started;
    if (this.queue.end) throw this.queue.end;
  }

  /** Starts one worker; all but the first take the backend that the first one found. */
  #seat(): void {
    const { start, weights, gate, wasmPaths } = this.#options;
    const backend = this.#ready?.backend.name ?? this.#options.backend;
    const thread = new WorkerThread(start(), {
      onMessage: (message) => this.#hear(seat, message),
      onDeath: (reason) => this.#bury(seat, reason),
    });
    const seat: Seat = { thread, ready: false, job: undefined };
    this.#seats.add(seat);
    thread.post({
      type: 'start',
      weights,
      backend,
      ...(gate && { gate }),
      ...(wasmPaths === undefined ? {} : { wasmPaths }),
    });
  }

  #hear(seat: Seat, message: Exclude<FromWorker, { readonly type: 'holds' }>): void {
    if (message.type === 'ready') {
      seat.ready = true;
      this.#ready ??= message;
      this.#falseStarts = 0;
      if ([...this.#seats].every(({ ready }) => ready)) this.#onStarted?.();
    } else if (message.type === 'failure' && message.id === undefined) {
      this.#notStarted(message.failure);
    } else if (seat.job && message.id === seat.job.id) {
      const { work } = seat.job;
      seat.job = undefined;
      if (message.type === 'map') {
        const { height, width } = work.slice;
        const { data, infected } = message;
        work.resolve({
          data,
          height,
          width,
          classes: this.model.classes,
          ...(infected !== undefined && { infected }),
        });
      } else {
        const { code, message: what, hint } = message.failure;
        work.reject(new InfNetError(code, what, hint));
      }
    }
    this.takeUp();
  }

  /** A worker died: its slice fails, and another worker takes its place. */
  #bury(seat: Seat, reason: string): void {
    this.#seats.delete(seat);
    if (this.queue.end) return;
    seat.job?.work.reject(
      new PoolError(
        'worker-died',
        `the worker that had this slice died: ${reason}`,
        'Another worker took its place: predict the slice again. If it dies of memory, use fewer workers.',
      ),
    );
    if (!seat.ready && ++this.#falseStarts >= MOST_FALSE_STARTS) {
      this.#notStarted({
        code: 'died',
        message: reason,
        hint: 'Use fewer workers where memory is short; in a page, hand over the worker (see @infnet/core-model/worker).',
      });
    } else {
      this.#seat();
    }
  }

  #notStarted({ code, message, hint }: Failure): void {
    void this.#close(
      new PoolError('worker-not-started', `a worker cannot start (${code}): ${message}`, hint),
    );
  }

  /** Gives waiting slices to free workers. */
  protected takeUp(): void {
    for (const seat of this.#seats) {
      if (!seat.ready || seat.job) continue;
      const work = this.queue.take();
      if (!work) return;
      const id = this.#nextId++;
      seat.job = { id, work };
      const { data, height, width } = work.slice;
      seat.thread.post({ type: 'predict', id, slice: { data, height, width } });
    }
  }

  /** Ends all work and all workers. */
  async #close(reason: PoolError): Promise<void> {
    const end = this.queue.close(reason);
    const seats = [...this.#seats];
    this.#seats.clear();
    for (const { job } of seats) job?.work.reject(end);
    this.#onStarted?.();
    await Promise.allSettled(seats.map(({ thread }) => thread.terminate()));
  }
}
