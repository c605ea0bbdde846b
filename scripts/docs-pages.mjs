/** How a built site serves its readers, in headless Chromium: accessibility, width, console, search. For check-docs.mjs. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { breachesOf } from './accessibility.mjs';
import { launchChromium } from './chromium.mjs';

const ORIGIN = 'http://localhost/';
/** As many pages are looked at at the same time. */
const TABS = 2;

/** One of each kind of page that there are hundreds of. */
const KINDS = [
  'classes/_infnet_core-model.InfNet.html',
  'interfaces/_infnet_metrics.MapReport.html',
  'functions/_infnet_metrics.evaluateMap.html',
];

/** The pages that a site's readers begin at: its front page, the guides, the front pages of the reference, the live page. */
export function mainPages(site) {
  const all = (folder) =>
    readdirSync(join(site, folder))
      .toSorted()
      .map((name) => `${folder}/${name}`);
  return ['index.html', ...all('documents'), 'modules.html', ...all('modules'), ...KINDS, 'live/index.html'];
}

/**
 * @param site folder of the site
 * @param pages paths below it
 * @param find a name that the search has to find
 * @returns what is wrong, in words
 */
export async function faultsOfPages(site, pages, find) {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    await context.route('**/*', (route) => {
      const { origin, pathname } = new URL(route.request().url());
      const file = join(site, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : '');
      if (`${origin}/` !== ORIGIN || !existsSync(file)) return route.fulfill({ status: 404 });
      return route.fulfill({ path: file });
    });
    const [first, ...waiting] = pages;
    const faults = [];
    const look = async (tab, page) => {
      for (const fault of await faultsOfPage(tab, page)) faults.push(`${page}: ${fault}`);
    };
    await look(await context.newPage(), first);
    faults.push(...(await faultsOfSearch(await context.newPage(), first, find)));
    // The navigation has thousands of elements, the same on every page: once is enough.
    await context.route('**/assets/navigation.js', (route) => route.fulfill({ body: '' }));
    const work = async () => {
      const tab = await context.newPage();
      for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) await look(tab, page);
    };
    await Promise.all(Array.from({ length: TABS }, work));
    return faults;
  } finally {
    await browser.close();
  }
}

async function faultsOfPage(tab, page) {
  const complaints = [];
  const onConsole = (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  };
  const onError = (error) => complaints.push(`uncaught: ${error.message}`);
  tab.on('console', onConsole).on('pageerror', onError);
  await tab.goto(ORIGIN + page, { waitUntil: 'load' });
  await tab.evaluate('globalThis.app?.showPage()'); // not half a second later, for want of a navigation
  const breaches = await breachesOf(tab);
  tab.off('console', onConsole).off('pageerror', onError);
  return [...complaints, ...breaches];
}

/** Somebody who opens the search and types at once finds what there is, though its index comes later than they type. */
async function faultsOfSearch(tab, page, name) {
  let answer = () => {};
  const asked = new Promise((resolve) => (answer = resolve));
  await tab.route('**/assets/search.js', async (route) => {
    await asked;
    await route.fallback();
  });
  await tab.goto(ORIGIN + page, { waitUntil: 'domcontentloaded' });
  await tab.keyboard.press('/');
  await tab.keyboard.type(name);
  await tab.waitForTimeout(500); // TypeDoc looks 0.2 s after the last key, and finds no index
  answer();
  const found = tab.locator('#tsd-search-results a', { hasText: name });
  return found
    .first()
    .waitFor({ timeout: 10_000 })
    .then(
      () => [],
      async () => [`search: "${name}" is not found; it shows "${await tab.innerText('#tsd-search')}"`],
    );
}
