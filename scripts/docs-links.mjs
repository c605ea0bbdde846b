/** Where the links of a built site lead: its pages, its navigation and its search. For check-docs.mjs. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inflateSync } from 'node:zlib';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

/**
 * @param site folder of the site
 * @returns how many links within the site there are, and those that lead nowhere: `page: link (why)`
 */
export function linksOf(site) {
  const pages = readdirSync(site, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.html'));
  const anchors = new Map();
  const broken = [];
  let count = 0;

  /** Why a link leads nowhere; undefined when it leads somewhere. */
  const fault = (page, link) => {
    const [address, fragment] = link.split('#', 2).map(decoded);
    let target = address === '' ? join(site, page) : join(site, dirname(page), address.split('?')[0]);
    if (relative(site, target).startsWith('..')) return 'outside of the site';
    if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
    if (!existsSync(target)) return 'no such file';
    if (!fragment || !/\.(html|svg)$/.test(target)) return undefined;
    if (!anchors.has(target)) anchors.set(target, anchorsOf(readFileSync(target, 'utf8')));
    return anchors.get(target).has(fragment) ? undefined : 'no such anchor';
  };
  const check = (page, links) => {
    for (const link of links) {
      count++;
      const why = fault(page, link);
      if (why) broken.push(`${page}: ${link} (${why})`);
    }
  };

  for (const page of pages) check(page, addressesOf(readFileSync(join(site, page), 'utf8')).filter(isWithin));
  check('index.html', pathsOf(site));
  return { pages: pages.length, count, broken };
}

/** Values of the attributes that name another file or place. */
function addressesOf(html) {
  return [...tagsOf(html).matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, value]) => unescaped(value));
}

function anchorsOf(html) {
  return new Set([...tagsOf(html).matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, value]) => unescaped(value)));
}

/** The tags of a page, without what is said between them and without scripts. */
function tagsOf(html) {
  return (html.replaceAll(/<script>[^]*?<\/script>/g, '').match(/<[a-z][^>]*>/gi) ?? []).join('\n');
}

function unescaped(text) {
  return text.replaceAll(/&([#\w]+);/g, (all, name) => ENTITIES[name] ?? all);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isWithin(address) {
  return !/^([a-z][a-z+.-]*:|\/\/)/i.test(address);
}

/** What TypeDoc's scripts lead to: the navigation's paths and the search's addresses, each packed into a file. */
function pathsOf(site) {
  const unpacked = (name) => {
    const [, packed] = readFileSync(join(site, 'assets', name), 'utf8').match(/"([\w+/=]+)"/) ?? [];
    return JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString());
  };
  const below = (items) => items.flatMap(({ path, children = [] }) => [path, ...below(children)]);
  const rows = unpacked('search.js').rows.map(({ url }) => url);
  return [...below(unpacked('navigation.js')), ...rows].filter((path) => path !== undefined);
}
