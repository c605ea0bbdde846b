import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Below this package, so that a program finds TensorFlow.js. */
const FOLDER = fileURLToPath(new URL('../node_modules/.test-programs/', import.meta.url));

/** Makes a program that plain Node can run, the workspace's sources included; gives its path. */
export async function bundleForNode(entry: URL): Promise<string> {
  const outfile = `${FOLDER}${basename(entry.pathname, '.ts')}.mjs`;
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@infnet/source'],
    external: ['@tensorflow/*'],
    logLevel: 'error',
  });
  return outfile;
}
