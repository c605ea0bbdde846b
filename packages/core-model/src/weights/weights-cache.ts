import { browserCache } from './browser-cache.js';
import { folderCache } from './folder-cache.js';
import { localFiles } from './local-files.js';

/** Where downloaded weights are kept. What `match` gives has been checked against what `put` was given. */
export interface WeightsCache {
  /** The bytes kept for an address, or undefined; damaged ones are as good as none. */
  match(address: string): Promise<Uint8Array | undefined>;
  put(address: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The cache of this place: in Node a folder (see {@link weightsCacheFolder}), in a browser the Cache API; undefined
 * where there is neither.
 */
export function defaultWeightsCache(): WeightsCache | undefined {
  if (localFiles() !== undefined) return folderCache(weightsCacheFolder());
  return browserCache();
}

/**
 * The folder in which Node keeps downloaded weights: `$INFNET_CACHE`, else `infnet` in the system's cache folder, which
 * is `$XDG_CACHE_HOME` or `~/.cache`, `%LOCALAPPDATA%` on Windows, `~/Library/Caches` on macOS.
 */
export function weightsCacheFolder(): string {
  const { env, platform } = process;
  const paths = process.getBuiltinModule('node:path');
  const { homedir } = process.getBuiltinModule('node:os');
  if (env['INFNET_CACHE']) return env['INFNET_CACHE'];
  const system: Partial<Record<NodeJS.Platform, string>> = {
    win32: env['LOCALAPPDATA'] || paths.join(homedir(), 'AppData', 'Local'),
    darwin: paths.join(homedir(), 'Library', 'Caches'),
  };
  return paths.join(system[platform] ?? (env['XDG_CACHE_HOME'] || paths.join(homedir(), '.cache')), 'infnet');
}
