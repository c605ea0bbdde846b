import { readFile } from 'node:fs/promises';

/** The viewer's modules, each after what it imports. */
const MODULES = [
  'decode-picture',
  'contour',
  'draw-picture',
  'page-elements',
  'case-pictures',
  'area-curve',
  'case-list',
  'viewer',
] as const;

/**
 * The viewer as one script to put into a page. Its modules import only each other and no two use one name for different
 * things, so joining them is dropping their imports and exports; a test runs the result.
 */
export async function viewerScript(): Promise<string> {
  const sources = await Promise.all(
    MODULES.map((name) => readFile(new URL(`./browser/${name}.js`, import.meta.url), 'utf8')),
  );
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
