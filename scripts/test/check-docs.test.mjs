import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { noChromium } from '../chromium.mjs';
import { linksOf } from '../docs-links.mjs';
import { faultsOfPages } from '../docs-pages.mjs';

let site;

beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'infnet-site-'));
  put('assets/navigation.js', packed([{ text: 'Guide', path: 'guide/a.html' }]));
  put('assets/search.js', packed({ rows: [{ url: 'guide/a.html#b' }] }));
  put('guide/a.html', html('<h2 id="b">B</h2><a href="../index.html?x">up</a>'));
  put('index.html', html('<h1>T</h1><a href="guide/a.html#b">a</a> <a href="https://x.org/#y">x</a>'));
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

function put(name, text) {
  mkdirSync(dirname(join(site, name)), { recursive: true });
  writeFileSync(join(site, name), text);
}

/** As TypeDoc packs what its scripts read. */
function packed(value) {
  return `window.data = "${deflateSync(JSON.stringify(value)).toString('base64')}"`;
}

function html(body, head = '') {
  return `<!doctype html><html lang="en"><head><title>T</title>${head}</head><body><main>${body}</main></body></html>`;
}

describe('links', () => {
  it('that lead somewhere are counted', () => {
    assert.deepEqual(linksOf(site), { pages: 2, count: 4, broken: [] });
  });

  const faults = [
    ['a file', '<a href="gone.html">x</a>', 'index.html: gone.html (no such file)'],
    ['a picture', '<img src="media/gone.svg" alt="">', 'index.html: media/gone.svg (no such file)'],
    ['an anchor', '<a href="guide/a.html#c">x</a>', 'index.html: guide/a.html#c (no such anchor)'],
    ['an anchor of its own', '<a href="#c">x</a>', 'index.html: #c (no such anchor)'],
    ['another site', '<a href="../x.html">x</a>', 'index.html: ../x.html (outside of the site)'],
  ];
  for (const [what, body, fault] of faults) {
    it(`to ${what} that is not there`, () => {
      put('index.html', html(body));
      assert.deepEqual(linksOf(site).broken, [fault]);
    });
  }

  it('of the navigation and of the search', () => {
    put(
      'assets/navigation.js',
      packed([{ text: 'Guide', children: [{ text: 'A', path: 'guide/gone.html' }] }]),
    );
    put('assets/search.js', packed({ rows: [{ url: 'guide/a.html#gone' }] }));
    assert.deepEqual(linksOf(site).broken, [
      'index.html: guide/gone.html (no such file)',
      'index.html: guide/a.html#gone (no such anchor)',
    ]);
  });
});

const why = noChromium();
describe('pages in Chromium', { skip: why || false }, () => {
  /** A search as simple as can be. */
  const search =
    '<script>document.onkeydown = ({ key }) => {' +
    " if (key === '/') document.body.insertAdjacentHTML('beforeend', '<div id=tsd-search></div>');" +
    " else document.querySelector('#tsd-search').innerHTML = '<ul id=tsd-search-results><li><a href=#>dice</a></ul>';" +
    '}</script>';
  const faultsOf = (body, head = search) => {
    put('index.html', html(body, head));
    return faultsOfPages(site, ['index.html'], 'dice');
  };

  it('without a fault', async () => {
    assert.deepEqual(await faultsOf('<h1>T</h1><p>fine</p>'), []);
  });

  it('with too little contrast, in the dark only', async () => {
    const style =
      '<style>@media (prefers-color-scheme: dark) { p { color: #ddd; background: #fff } }</style>';
    const faults = await faultsOf('<p>pale</p>', search + style);
    assert.equal(faults.length, 2);
    assert.match(faults[0], /^index\.html: desk, dark: color-contrast at 1: <p>pale<\/p>/);
    assert.match(faults[1], /^index\.html: phone, dark: color-contrast/);
  });

  it('wider than a phone', async () => {
    assert.deepEqual(await faultsOf('<div style="width: 600px">wide</div>'), [
      'index.html: phone: 608 px wide',
    ]);
  });

  it('with a complaint on the console', async () => {
    const faults = await faultsOf(
      '<p>x</p>',
      `${search}<script>console.error('oh'); throw new Error('no')</script>`,
    );
    assert.deepEqual(faults, ['index.html: console: oh', 'index.html: uncaught: no']);
  });

  it('whose search finds nothing', async () => {
    const [fault] = await faultsOf('<p>x</p>', search.replace('>dice<', '>none<'));
    assert.match(fault, /^search: "dice" is not found; it shows "none"/);
  });
});
