import { BackendError } from '../errors.js';
import type { BackendName } from './backend.js';

/** Names a folder whose `node_modules` is searched after the usual places. */
const EXTRA_FOLDER = 'INFNET_BACKEND_PACKAGES';

/** Whether this is Node, or something that passes for it. */
export function inNode(): boolean {
  return typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function';
}

/**
 * Imports a package that a user may have installed and this one does not depend on: from where this package lies, then
 * from the folder in the environment variable `INFNET_BACKEND_PACKAGES`. The working directory is not searched: running in a
 * folder must not run what lies in it. The name is computed, so that no bundler follows it.
 *
 * @throws BackendError `backend-not-supported` outside Node, `backend-not-installed`, `backend-binary-missing`, or
 *   `backend-unavailable` for any other fault of the package
 */
export async function importOptional<T>(backend: BackendName, packageName: string): Promise<T> {
  if (!inNode()) {
    throw new BackendError(
      'backend-not-supported',
      `backend "${backend}" needs Node`,
      'In a browser use "webgpu", "webgl" or "wasm", or "auto".',
    );
  }
  const path = resolvePackage(packageName);
  if (path === undefined) {
    throw new BackendError(
      'backend-not-installed',
      `backend "${backend}" needs the package ${packageName}, which is not installed`,
      `Run npm install ${packageName}, or use "auto".`,
    );
  }
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as T;
  } catch (cause) {
    throw faultOf(backend, packageName, cause);
  }
}

function resolvePackage(packageName: string): string | undefined {
  const { createRequire } = process.getBuiltinModule('node:module');
  const path = process.getBuiltinModule('node:path');
  const extra = process.env[EXTRA_FOLDER];
  for (const place of [import.meta.url, ...(extra ? [path.resolve(extra, 'package.json')] : [])]) {
    try {
      return createRequire(place).resolve(packageName);
    } catch {
      // Not from here: the next place may have it.
    }
  }
  return undefined;
}

function faultOf(backend: BackendName, packageName: string, cause: unknown): BackendError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // tfjs-node's own words, and Node's for a package without its .node file.
  if (/native addon module|\.node'/.test(message)) {
    return new BackendError(
      'backend-binary-missing',
      `backend "${backend}": ${packageName} is installed without its native part`,
      `It comes when the package is installed with scripts allowed: run npm rebuild ${packageName}.`,
      { cause },
    );
  }
  return new BackendError(
    'backend-unavailable',
    `backend "${backend}": ${packageName} does not load: ${withoutFolders(message)}`,
    'Use "auto" to take whatever works here.',
    { cause },
  );
}

/** The first line of a message, paths cut down to their last part: reports are pasted in public. */
export function withoutFolders(message: string): string {
  const [line = ''] = message.split('\n');
  return line.replaceAll(/(?:file:\/\/)?(?:[A-Za-z]:)?(?:[\\/][^\\/\s'":]+)*[\\/](?=[^\\/\s'":]+)/g, '');
}
