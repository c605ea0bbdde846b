/** What is used of a browser's locks; a library without the DOM's types knows none. */
interface Locks {
  request(name: string, hold: () => Promise<void>): Promise<unknown>;
}

/** This browser's locks. Not Node's, which tells of a worker's end by itself; absent on pages that were not served safely. */
function locks(): Locks | undefined {
  if (typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function') return undefined;
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}

/** A name that no other worker's life line has; absent where there are no locks. */
export function lifeLine(): string | undefined {
  return locks() && `infnet image worker ${globalThis.crypto.randomUUID()}`;
}

/** In the worker: takes the lock and never lets it go. @param taken called when it is taken */
export function holdLifeLine(name: string, taken: () => void): void {
  void locks()?.request(name, () => {
    taken();
    return new Promise(() => undefined);
  });
}

/**
 * In the page: waits for the lock that the worker holds. It comes free when the worker is gone, for whatever reason; a
 * browser tells of that in no other way.
 */
export function whenCut(name: string, gone: () => void): void {
  void locks()?.request(name, () => {
    gone();
    return Promise.resolve();
  });
}
