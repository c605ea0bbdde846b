/** What axe and a look at the width find wrong with a page: for tests in Chromium, see accessibility.d.mts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SCHEMES = ['light', 'dark'];
const SCREENS = [
  { name: 'desk', width: 1280, height: 900 },
  { name: 'phone', width: 390, height: 844 },
];

let axe;

/** See accessibility.d.mts. */
export async function breachesOf(page) {
  axe ??= readFileSync(AXE, 'utf8');
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe);
  const found = [];
  for (const { name, ...viewport } of SCREENS) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    if (width > viewport.width) found.push(`${name}: ${width} px wide`);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(
        (values) => globalThis.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
        RULES,
      );
      for (const { id, nodes } of violations) {
        const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 150));
        found.push(`${name}, ${colorScheme}: ${id} at ${nodes.length}: ${where.join(' | ')}`);
      }
    }
  }
  return found;
}
