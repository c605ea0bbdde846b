/** Where build-tfjs-node.mjs puts its work unless told otherwise, and where tests look for it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of this user's cache, outside of the clone: `npm ci` would empty node_modules. */
export function tfjsNodeFolder() {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'infnet', 'tfjs-node');
}
