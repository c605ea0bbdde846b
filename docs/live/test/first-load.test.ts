import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = (name: string): URL => new URL(`../dist/${name}`, import.meta.url);

/** A script and all that it imports at once. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const code = readFileSync(dist(`assets/${name}`), 'utf8');
  for (const [, other] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(other!, seen);
  return seen;
}

describe('the built page', () => {
  const html = readFileSync(dist('index.html'), 'utf8');
  const [, entry = ''] = /<script type="module"[^>]* src="\.\/assets\/([\w.-]+\.js)"/.exec(html) ?? [];

  it('loads at most 600 kB of JavaScript, gzipped, before a backend is chosen', () => {
    const code = readFileSync(dist(`assets/${entry}`), 'utf8');
    // The workers that read images and that choose the backend; and, to be strict, the viewer.
    const later = [...code.matchAll(/(?<![\w-])((?:image-)?worker-[\w-]+\.js)/g)].map(([, name]) => name!);
    expect(later.length).toBeGreaterThanOrEqual(2);
    const scripts = new Set([entry, ...later].flatMap((name) => [...withImports(name)]));
    const bytes = [...scripts].reduce(
      (sum, name) => sum + gzipSync(readFileSync(dist(`assets/${name}`))).length,
      0,
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(600_000);
  });

  it('names its own files by relative addresses only, and nothing of the style or script stands in the markup', () => {
    expect(html).not.toMatch(/(?:src|href)="(?!\.\/)/);
    expect(html).not.toMatch(/<style|<script(?![^>]* src=)|\sstyle=|\son\w+=/);
  });

  it('keeps a policy without unsafe sources', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|\*|https?:/);
  });

  it('keeps every file for later that it has', () => {
    const worker = readFileSync(dist('service-worker.js'), 'utf8');
    const [, list = '[]'] = /const FILES = (\[.*?\]);/s.exec(worker) ?? [];
    const files = JSON.parse(list) as string[];
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((name) => name !== './' && !existsSync(dist(name)))).toEqual([]);
  });
});
