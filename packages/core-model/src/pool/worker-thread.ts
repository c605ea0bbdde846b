import { lifeLine, whenCut } from './life-line.js';
import type { FromWorker, ToWorker } from './messages.js';

/** A worker as Node or a page has it: a `Worker` of `node:worker_threads`, or one of the web. */
export interface PoolWorker {
  postMessage(message: unknown, transfer: []): void;
  terminate(): unknown;
  /** Node's way to listen. */
  on?: unknown;
  /** The web's. */
  addEventListener?: unknown;
}

type Listen = (event: string, listener: (value: never) => void) => void;

/** What is told of a worker. */
export interface WorkerListener {
  readonly onMessage: (message: Exclude<FromWorker, { readonly type: 'holds' }>) => void;
  /** It ended without being told to; called once. */
  readonly onDeath: (reason: string) => void;
}

declare const Worker: new (url: URL, options: { type: 'module' }) => PoolWorker;

/** The worker of this package, in Node or in a page. Bundlers know the second form by its looks. */
export function startWorker(): PoolWorker {
  if (typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function') {
    const { Worker: NodeWorker } = process.getBuiltinModule('node:worker_threads');
    const script = '../worker.js'; // apart, so that no bundler for pages takes it for an asset
    return new NodeWorker(new URL(script, import.meta.url));
  }
  return new Worker(new URL('../worker.js', import.meta.url), { type: 'module' });
}

/** One worker of either kind. */
export class WorkerThread {
  readonly #worker: PoolWorker;
  #over = false;

  constructor(worker: PoolWorker, { onMessage, onDeath }: WorkerListener) {
    this.#worker = worker;
    const die = (reason: string): void => {
      if (this.#over) return;
      this.#over = true;
      worker.terminate();
      onDeath(reason);
    };
    const hear = (message: FromWorker): void => {
      if (this.#over) return;
      if (message.type === 'holds') whenCut(message.name, () => die('it ended without a word'));
      else onMessage(message);
    };
    if (typeof worker.on === 'function') {
      const on = worker.on.bind(worker) as Listen;
      on('message', hear);
      on('error', (error: Error) => die(error.message));
      on('exit', (code: number) => die(`it ended with code ${code}`));
    } else {
      const on = (worker.addEventListener as Listen).bind(worker);
      on('message', ({ data }: { data: FromWorker }) => hear(data));
      on('error', ({ message }: { message?: string }) => die(message ?? 'its script cannot be loaded'));
      on('messageerror', () => die('it sent what cannot be read'));
    }
    const name = lifeLine();
    if (name !== undefined) this.post({ type: 'life-line', name });
  }

  post(message: ToWorker): void {
    if (!this.#over) this.#worker.postMessage(message, []);
  }

  async terminate(): Promise<void> {
    this.#over = true;
    await this.#worker.terminate();
  }
}
