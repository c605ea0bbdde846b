import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { STYLES } from '../../packages/cli/dist/report/styles.js';
import { viewerScript } from '../../packages/cli/dist/report/viewer-script.js';
import { VERSION } from '../../packages/cli/dist/version.js';
import { CONTENT_SECURITY_POLICY } from './csp.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { resolve } = createRequire(import.meta.url);

export default defineConfig({
  root: here('.'),
  // Any static host, any folder of it.
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000, // NiiVue, which comes with the first image
    modulePreload: { polyfill: false },
  },
  resolve: {
    alias: [
      // NiiVue reads Zarr too, through decoders that are larger than itself; here it is given NIfTI only.
      { find: /^numcodecs\/.+/, replacement: here('src/nothing.ts') },
      // The decoders of compressed DICOM ask for them where they run in Node.
      { find: /^(fs|path)$/, replacement: here('src/nothing.ts') },
    ],
  },
  worker: { format: 'es' },
  define: { INFNET_VERSION: JSON.stringify(VERSION) },
  plugins: [policy(), fromTheReport(), wasmFiles(), serviceWorker()],
});

/** The page's content security policy. */
function policy(): Plugin {
  return {
    name: 'infnet:policy',
    transformIndexHtml: (html) => html.replace('%INFNET_CSP%', CONTENT_SECURITY_POLICY),
  };
}

/** What the command line tool's report and this page share as text: its style sheet and its viewer's script. */
function fromTheReport(): Plugin {
  return {
    name: 'infnet:report',
    resolveId: (id) => (id === 'infnet:report.css' || id === 'infnet:report-viewer' ? `\0${id}` : undefined),
    async load(id) {
      if (id === '\0infnet:report.css') return STYLES;
      if (id === '\0infnet:report-viewer') {
        return `export default ${JSON.stringify(await viewerScript())};`;
      }
      return undefined;
    },
  };
}

/** The backend's files, which it asks for by their own names. */
function wasmFiles(): Plugin {
  const folder = dirname(resolve('@tensorflow/tfjs-backend-wasm'));
  return {
    name: 'infnet:wasm',
    generateBundle() {
      for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
        this.emitFile({ type: 'asset', fileName: `wasm/${name}`, source: readFileSync(join(folder, name)) });
      }
    },
  };
}

/** The worker that keeps every file of this build, so that the page needs no network once it was loaded. */
function serviceWorker(): Plugin {
  return {
    name: 'infnet:service-worker',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1));
      const hash = createHash('sha256');
      for (const file of files) hash.update(file.type === 'chunk' ? file.code : file.source);
      const names = ['./', 'icon.svg', ...files.map(({ fileName }) => fileName)];
      const source = readFileSync(here('src/service-worker.js'), 'utf8')
        .replace("'%VERSION%'", JSON.stringify(hash.digest('hex').slice(0, 16)))
        .replace("'%POLICY%'", JSON.stringify(CONTENT_SECURITY_POLICY))
        .replace("['%FILES%']", JSON.stringify(names.filter((name) => name !== 'index.html')));
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
    },
  };
}
