/**
 * docs/examples/vite-app as somebody who copies it meets it: packages from their tarballs, all else from the registry, `npm
 * run build`, and one picture segmented in Chromium on WebAssembly. For check-packages.mjs.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noChromium, openPage } from './chromium.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PATIENCE = 120_000;
const SIDE = 256;

/**
 * @param tools.source the repository
 * @param tools.tarballs by package
 * @param tools.folder a new folder to work in
 * @param tools.npm runs npm with arguments in a folder
 * @returns what was checked, in words; throws at the first fault
 */
export async function checkViteApp({ source, tarballs, folder, npm }) {
  cpSync(join(source, 'docs/examples/vite-app'), folder, { recursive: true });
  cpSync(
    join(source, 'packages/cli/models/phantom-demo.safetensors'),
    join(folder, 'public/model.safetensors'),
  );
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  npm([...install, tarballs.get('@infnet/core-model')], { cwd: folder });
  const said = npm(['run', 'build'], { cwd: folder });
  const warnings = said.split('\n').filter((line) => /externalized|\[warn|\(!\)/i.test(line));
  if (warnings.length > 0) throw new Error(`its build warns: ${warnings.join('\n')}`);
  const skipped = noChromium();
  if (skipped !== '') return `builds without a warning (a page is skipped: ${skipped})`;

  const { picture, infected } = await phantomPicture(source);
  const opened = await openPage({ serve: (path) => served(join(folder, 'dist'), path) });
  try {
    const { page, complaints } = opened;
    page.setDefaultTimeout(PATIENCE);
    await page.goto('http://localhost/?backend=wasm');
    await page.waitForSelector('[role=status]:has-text("ready on wasm")');
    await page.setInputFiles('input', {
      name: 'slice.png',
      mimeType: 'image/png',
      buffer: Buffer.from(picture),
    });
    await page.waitForSelector('[role=status]:has-text("marked")');
    const [, marked] = (await page.textContent('[role=status]')).match(/^([\d.]+) % marked, on wasm$/) ?? [];
    if (!(Math.abs(Number(marked) - infected) < infected / 4)) {
      throw new Error(`it marks ${marked} % of a phantom that is infected in ${infected.toFixed(1)} %`);
    }
    if (complaints.length > 0) throw new Error(`on its console: ${complaints.join(' | ')}`);
    return `builds without a warning; in Chromium it marks ${marked} % of a phantom infected in ${infected.toFixed(1)} %`;
  } finally {
    await opened.close();
  }
}

function served(dist, path) {
  const file = join(dist, path === '/' ? 'index.html' : path);
  if (!existsSync(file)) return undefined;
  return { body: readFileSync(file), type: TYPES[extname(file)] ?? 'application/octet-stream' };
}

/** The most infected slice of a phantom as a PNG file, and its infected share in percent. */
async function phantomPicture(source) {
  const entry = join(source, 'packages/io-medical/dist/index.js');
  const { createPhantom, encodePng, toSlices } = await import(pathToFileURL(entry).href);
  const { volume, infection } = createPhantom({ seed: 5, dims: [SIDE, SIDE, 12] });
  const counts = Array.from({ length: 12 }, (_, z) =>
    infection.subarray(z * SIDE * SIDE, (z + 1) * SIDE * SIDE).reduce((sum, value) => sum + value, 0),
  );
  const most = counts.indexOf(Math.max(...counts));
  const slice = [...toSlices(volume)].find(({ index }) => index === most);
  return { picture: encodePng(slice), infected: (100 * counts[most]) / SIDE ** 2 };
}
