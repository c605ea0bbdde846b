/**
 * Checks the built site as its readers meet it: every link and anchor leads somewhere; and, in headless Chromium, the
 * main pages are accessible (WCAG 2.2 A and AA) in light and dark, no wider than a phone and silent on the console, and
 * the search finds. Without Chromium it checks the links and says that the rest is skipped. After `npm run docs`.
 *
 *     node scripts/check-docs.mjs [SITE]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noChromium } from './chromium.mjs';
import { linksOf } from './docs-links.mjs';
import { faultsOfPages, mainPages } from './docs-pages.mjs';
import { root } from './workspace.mjs';

const site = process.argv[2] ?? join(root, 'docs', 'site');
if (!existsSync(join(site, 'index.html'))) {
  process.stderr.write(`no site in ${site}: run "npm run docs" first\n`);
  process.exit(2);
}

const faults = [];
const links = linksOf(site);
report(`${links.count} links on ${links.pages} pages`, links.broken);
const why = noChromium();
const pages = mainPages(site);
const what = `${pages.length} main pages: accessibility in light and dark, desk and phone; width; console; search`;
if (why === '') report(what, await faultsOfPages(site, pages, 'structureMeasure'));
else process.stdout.write(`skipped ${what} (${why})\n`);
for (const fault of faults) process.stderr.write(`failed: ${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);

function report(checked, found) {
  process.stdout.write(`${found.length === 0 ? 'ok     ' : 'FAILED '} ${checked}\n`);
  faults.push(...found);
}
