/**
 * Headless Chromium for tests: finds one, opens a page on a secure origin and serves it from memory, without a server.
 * Only in tests; whoever has no Chromium skips them, by name.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const ORIGIN = 'http://localhost';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The manifest of SwiftShader's Vulkan driver. */
const DRIVER = 'vk_swiftshader_icd.json';

/** WebGPU and WebGL on SwiftShader, the same on every machine; nothing that talks to the network by itself. */
const FLAGS = [
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-angle=swiftshader',
];

/**
 * Path of a Chromium: the environment variable CHROMIUM_PATH, or one of the usual places.
 */
export function chromiumPath() {
  return [process.env['CHROMIUM_PATH'], ...PLACES].find((path) => path && existsSync(path));
}

/** Why tests in Chromium are skipped; empty when they are not. */
export function noChromium() {
  return chromiumPath() ? '' : 'no Chromium found: set CHROMIUM_PATH';
}

/**
 * What a process needs in its environment to compute on the SwiftShader that Chromium brings along: its driver, and
 * the Vulkan loader beside it, which not every machine has. Empty where there is none.
 */
export function swiftShaderEnvironment() {
  const path = chromiumPath();
  const folders = path ? [dirname(path), '/usr/lib/chromium', '/usr/lib/chromium-browser'] : [];
  const folder = folders.find((one) => existsSync(join(one, DRIVER)));
  return folder === undefined ? {} : { VK_ICD_FILENAMES: join(folder, DRIVER), LD_LIBRARY_PATH: folder };
}

/** Starts a browser; see chromium.d.mts. */
export function launchChromium({ flags = [] } = {}) {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumPath(), args: [...FLAGS, ...asRoot, ...flags] });
}

/** Opens a page; see chromium.d.mts. */
export async function openPage({ serve, isolated = false, flags = [] }) {
  const browser = await launchChromium({ flags });
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      const found = url.origin === ORIGIN ? await serve(url.pathname) : undefined;
      if (found === undefined) return route.fulfill({ status: 404, body: '' });
      const headers = isolated
        ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
        : {};
      return route.fulfill({ body: Buffer.from(found.body), contentType: found.type, headers });
    });
    await page.goto(`${ORIGIN}/`);
    return { page, complaints, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
