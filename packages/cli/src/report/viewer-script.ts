import { readFile } from 'node:fs/promises';

/** The viewer's modules, each after what it imports. */
const MODULES: readonly URL[] = [
  new URL('./browser/decode-picture.js', import.meta.url),
  new URL('./browser/contour.js', import.meta.url),
  new URL('./browser/draw-picture.js', import.meta.url),
  new URL('./browser/page-elements.js', import.meta.url),
  new URL('./browser/case-pictures.js', import.meta.url),
  new URL('./browser/area-curve.js', import.meta.url),
  new URL('./browser/case-list.js', import.meta.url),
  new URL('./browser/viewer.js', import.meta.url),
];

/**
 * The viewer as one script to put into a page. Its modules import only each other and no two use one name for different
 * things, so joining them is dropping their imports and exports; a test runs the result.
 */
export async function viewerScript(): Promise<string> {
  const sources = await Promise.all(MODULES.map((url) => readFile(url, 'utf8')));
  return sources.map(withoutModuleSyntax).join('\n');
}

/** Drops what a script of its own may not hold; a closing script tag would end the page's script. */
export function withoutModuleSyntax(source: string): string {
  return source
    .replace(/^import\s[^;]*;\s*$/gm, '')
    .replace(/^export (?=(?:async )?function|class|const)/gm, '')
    .replace(/^export \{\s*\};\s*$/gm, '')
    .replace(/^\/\/(?:\/ <reference|# sourceMappingURL).*$/gm, '')
    .replaceAll('</script', '<\\/script');
}
