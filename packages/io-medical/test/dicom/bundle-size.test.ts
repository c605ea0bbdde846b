import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const LIMIT = 25_000;

describe('what reading DICOM costs a page', () => {
  it(`is at most ${LIMIT / 1000} kB, minified and gzipped, without the decoders, which load when needed`, async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [fileURLToPath(new URL('../../src/dicom/read-series.ts', import.meta.url))],
      outdir: 'out',
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      external: ['fs', 'path'],
      write: false,
      metafile: true,
    });
    const entries = Object.entries(metafile.outputs);
    const [core] = entries.find(([, { entryPoint }]) => entryPoint?.endsWith('read-series.ts') === true) ?? [
      '',
    ];
    const lazy = new Set(
      entries
        .filter(([name, { entryPoint }]) => entryPoint !== undefined && name !== core)
        .map(([name]) => name),
    );
    const bytes = outputFiles
      .filter(({ path }) => ![...lazy].some((name) => path.endsWith(name)))
      .reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
    expect(lazy.size).toBeGreaterThanOrEqual(5);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
  });
});
