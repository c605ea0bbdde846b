import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

/** A program bundled for a page, one chunk per backend. */
export interface PageBundle {
  /** Every file that some of the code comes from. */
  readonly inputs: readonly string[];
  /** What a chunk imports that is not in the bundle. */
  readonly missing: readonly string[];
  /** Bytes, minified and gzipped, of what must be there before the program starts. */
  readonly first: number;
  /** The same of the chunks that hold the code of a package and are loaded on demand. */
  chunkOf(packageName: string): number;
}

/** Bundles a program as an application would, minified; dynamic imports are chunks of their own. */
export async function bundleForPage(contents: string): Promise<PageBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, sourcefile: 'program.js' },
    bundle: true,
    minify: true,
    splitting: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@infnet/source'],
    outdir: '/out',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const chunks = Object.entries(metafile.outputs).map(([path, output]) => {
    const file = outputFiles.find((one) => one.path.endsWith(path.replace(/^.*\//, '/')))!;
    return { path, output, bytes: gzipSync(file.contents).length };
  });
  const entry = chunks.find(({ output }) => output.entryPoint !== undefined)!;
  const needed = withStaticImports(entry.path, metafile);
  const sum = (wanted: (chunk: (typeof chunks)[number]) => boolean): number =>
    chunks.filter(wanted).reduce((total, { bytes }) => total + bytes, 0);
  return {
    inputs: [...new Set(chunks.flatMap(({ output }) => usedInputs(output)))],
    missing: chunks.flatMap(({ output }) =>
      output.imports.filter(({ external }) => external).map(({ path }) => path),
    ),
    first: sum(({ path }) => needed.has(path)),
    chunkOf: (packageName) =>
      sum(
        ({ path, output }) =>
          !needed.has(path) &&
          usedInputs(output).some((input) => input.includes(`node_modules/${packageName}/`)),
      ),
  };
}

/** Files of which more is left than the shell around an empty module. */
function usedInputs({ inputs }: Metafile['outputs'][string]): string[] {
  return Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 30 ? [path] : []));
}

function withStaticImports(entry: string, { outputs }: Metafile): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { kind, path: next } of outputs[path]!.imports) if (kind === 'import-statement') visit(next);
  };
  visit(entry);
  return found;
}
