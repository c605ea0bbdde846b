import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a page needs before it reads its first file. Readers and decoders are loaded by format. */
const CORE = `export { readImage, toSlices, windowToUint8, resizeBilinear, restoreToGrid, maskToGrid, quantify, encodeMask }
  from '@infnet/io-medical'`;
const LIMIT = 25_000;

/** Leaves out what is imported on demand, as a bundler does that splits at such imports. */
const onDemand: Plugin = {
  name: 'on-demand',
  setup(bundler) {
    bundler.onResolve({ filter: /^/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

describe('what a page fetches', () => {
  it(`before it reads its first file is at most ${LIMIT} bytes, minified and gzipped`, async () => {
    const { outputFiles } = await build({
      stdin: { contents: CORE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      conditions: ['@infnet/source'],
      plugins: [onDemand],
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'error',
    });
    const size = gzipSync(outputFiles[0]?.contents ?? '').length;
    expect(size).toBeGreaterThan(5_000);
    expect(size).toBeLessThanOrEqual(LIMIT);
    expect(outputFiles[0]?.text).toContain('read-nifti');
  });
});
