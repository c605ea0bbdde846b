import { Worker } from 'node:worker_threads';
import { InfNetError, type PoolWorker } from '@infnet/core-model';
import { TrainingError } from '../errors.js';
import type { FromWorker, ToWorker, WorkerAnswer } from './messages.js';
import { Rendezvous } from './rendezvous.js';

/** A question that every worker that it was put to has to answer. */
interface Question {
  readonly resolve: (answers: WorkerAnswer[]) => void;
  readonly reject: (reason: Error) => void;
  readonly answers: (WorkerAnswer | undefined)[];
}

/** The worker of this package. */
export function startWorker(): PoolWorker {
  const script = '../worker.js'; // apart, so that no bundler for pages takes it for an asset
  return new Worker(new URL(script, import.meta.url));
}

/** Threads that are asked together, and fail together: when one fails or dies, what the others do is called off. */
export class WorkerThreads {
  readonly #workers: readonly Worker[];
  readonly #rendezvous: Rendezvous;
  /** The oldest first. */
  readonly #questions: Question[] = [];
  #end: Error | undefined;

  /** @param memory where they meet */
  constructor(count: number, memory: SharedArrayBuffer, start: () => PoolWorker) {
    this.#rendezvous = new Rendezvous(memory);
    this.#workers = Array.from({ length: count }, () => start() as Worker);
    for (const [index, worker] of this.#workers.entries()) {
      const die = (how: string): void => this.#fail(died(index, count, how));
      worker.on('message', (message: FromWorker) => this.#hear(index, message));
      worker.on('error', (error: Error) => die(error.message));
      worker.on('exit', (code: number) => die(`it ended with code ${code}`));
    }
  }

  /** They have failed, or were told to end. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Puts a question to the first `messages.length` workers, one message for each; gives their answers in the same order.
   *
   * @throws TrainingError `worker-died`; InfNetError with the code of whatever a worker failed of
   */
  async ask(messages: readonly ToWorker[]): Promise<WorkerAnswer[]> {
    if (this.#end) throw this.#end;
    const answered = new Promise<WorkerAnswer[]>((resolve, reject) => {
      this.#questions.push({ resolve, reject, answers: messages.map(() => undefined) });
    });
    for (const [index, message] of messages.entries()) this.#workers[index]!.postMessage(message, []);
    return answered;
  }

  /** Ends the workers, whatever they do. */
  async terminate(): Promise<void> {
    this.#fail(new TrainingError('worker-died', 'the workers were ended', 'Start the run anew.'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #hear(index: number, message: FromWorker): void {
    if (this.#end) return;
    if (message.type === 'failed') {
      if (message.calledOff) return; // the one that failed itself tells why
      const { code, message: what, hint } = message.failure;
      this.#fail(new InfNetError(code, what, hint));
      return;
    }
    const place = this.#questions.findIndex(
      ({ answers }) => index in answers && answers[index] === undefined,
    );
    const question = this.#questions[place]!;
    question.answers[index] = message.answer;
    if (question.answers.includes(undefined)) return;
    this.#questions.splice(place, 1);
    question.resolve(question.answers as WorkerAnswer[]);
  }

  #fail(reason: Error): void {
    if (this.#end) return;
    this.#end = reason;
    this.#rendezvous.callOff();
    for (const { reject } of this.#questions.splice(0)) reject(reason);
  }
}

function died(index: number, count: number, how: string): TrainingError {
  return new TrainingError(
    'worker-died',
    `worker ${index + 1} of ${count} died: ${how}`,
    'Resume the run: it goes on from the last checkpoint. Where memory is short, take fewer workers or a smaller batch.',
  );
}
