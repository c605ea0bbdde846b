import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a source file of this package into one that plain Node can run; the codecs are found where that lies, or missed. */
export async function bundleForNode(entry: URL, outfile: URL): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: fileURLToPath(outfile),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['@cornerstonejs/*'],
  });
}
