import { OptionError } from '../errors.js';

/** Bytes that all workers see without copies, where threads may share memory; elsewhere each gets its copy. */
export function shared(bytes: Uint8Array): Uint8Array {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  if (typeof SharedArrayBuffer === 'undefined' || isolated === false) return bytes;
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
}

/** Cores of this machine. */
export function cores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  if (typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function') {
    return process.getBuiltinModule('node:os').availableParallelism();
  }
  return navigator?.hardwareConcurrency ?? 1;
}

/** @throws {OptionError} for what is no whole number from `least` on */
export function checkCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= 4096) return;
  throw new OptionError(`${name} is ${value}`, `give a whole number from ${least}, up to 4096`);
}
