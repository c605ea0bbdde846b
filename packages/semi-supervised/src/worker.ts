/**
 * The script of the threads that train together (`workers` of a run), for `node:worker_threads`. A run starts it by itself.
 * Imported anywhere else than in a worker it does nothing.
 *
 * @module worker
 */
import { parentPort } from 'node:worker_threads';
import { serve } from './parallel/serve.js';

if (parentPort) {
  const port = parentPort;
  serve({
    post: (message) => port.postMessage(message),
    listen: (listener) => void port.on('message', listener),
  });
}
