/** What @infnet/metrics costs a web page. For check-packages.mjs. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { codeEntries } from './packed.mjs';

/** What a page may pay for an import from @infnet/metrics, minified and gzipped, in bytes. */
const budgets = [
  { imported: `{ dice } from '@infnet/metrics'`, limit: 1_500 },
  { imported: `{ dice } from '@infnet/metrics/masks'`, limit: 1_500 },
  { imported: `* as all from '@infnet/metrics/curves'`, limit: 10_000 },
  { imported: `* as all from '@infnet/metrics/boundary'`, limit: 7_000 },
  { imported: `* as all from '@infnet/metrics/lesions'`, limit: 6_000 },
  { imported: `* as all from '@infnet/metrics/labels'`, limit: 4_000 },
  { imported: `* as all from '@infnet/metrics/volumes'`, limit: 14_000 },
  { imported: `* as all from '@infnet/metrics'`, limit: 20_000 },
];

/** The same for all entries of @infnet/metrics in one page. */
const wholeLimit = 32_000;

/**
 * @param packed what `pack` gave for @infnet/metrics
 * @returns the programs that are weighed: what each is, its code, and how much it may weigh
 */
export function programsToWeigh(packed) {
  const single = budgets.map(({ imported, limit }) => {
    const name = imported.match(/(\w+)(?: \}| from)/)[1];
    return { what: `import ${imported}`, contents: `import ${imported}; globalThis.kept = ${name};`, limit };
  });
  return [...single, everyEntry(packed)];
}

/** A page that takes all there is. */
function everyEntry({ name, manifest }) {
  const entries = codeEntries(manifest.exports).map((entry) => JSON.stringify(`${name}${entry.slice(1)}`));
  const contents = entries.map((entry, i) => `export * as entry${i} from ${entry};`).join('\n');
  return { what: `all ${entries.length} entries of ${name}`, contents, limit: wholeLimit };
}

/** Bytes of a program bundled for a page, minified and gzipped; throws when it holds more than the package's own code. */
export async function weightOf({ contents, limit }, project) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const bytes = gzipSync(outputFiles[0].contents).length;
  const foreign = Object.keys(metafile.inputs).filter(
    (path) => path !== '<stdin>' && !path.includes('@infnet/metrics/'),
  );
  if (foreign.length > 0) throw new Error(`the bundle also holds ${foreign.join(', ')}`);
  if (bytes > limit)
    throw new Error(`${bytes} bytes, more than ${limit}: an import should not bring its neighbours`);
  return bytes;
}
